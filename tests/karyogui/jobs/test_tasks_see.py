"""What the shipped classifier sees marks the labels that were exchanged on purpose, and not their peers."""

import numpy as np
import pytest

from engine.progress import SilentReporter
from engine.simulate.cells import simulate_cell
from engine.simulate.look import random_look
from karyogui.jobs.tasks import CellEvidence, see
from karyogui.model.cell import Cell, Chromosome
from karyogui.model.karyogram import Placement, swap
from karyogui.model.outliers import CopyRef, find_outliers

Seen = tuple[list[Placement], CellEvidence]


def read(number: int) -> tuple[Cell, list[Placement]]:
    """A drawn cell of one laboratory, with its true labels."""
    look = random_look(np.random.default_rng(4), "g", 550)
    drawn = simulate_cell("46,XX", seed=9_200_000 + number, look=look)
    chromosomes, counts, placements = [], {}, []
    for index, each in enumerate(drawn.chromosomes):
        pixels = 1.0 - each.image.astype(np.float32) / 255.0
        chromosomes.append(Chromosome(index, f"{index}.png", pixels, pixels > 0.08))
        counts[each.label] = counts.get(each.label, -1) + 1
        placements.append(Placement(index, each.label, counts[each.label]))
    return Cell(f"cell {number}", "g", tuple(chromosomes)), placements


@pytest.fixture(scope="module")
def seen() -> list[Seen]:
    """Four cells as g-default sees them."""
    cells = [read(number) for number in range(4)]
    return [(placements, see(cell, "g-default")(SilentReporter())) for cell, placements in cells]


def test_it_says_of_every_chromosome_what_it_looks_like(seen: list[Seen]) -> None:
    placements, evidence = seen[0]
    assert evidence.bundle.name == "g-default"
    assert evidence.by_id.keys() == {p.chromosome_id for p in placements}
    assert all(np.exp(row).sum() == pytest.approx(1.0, abs=1e-3) for row in evidence.by_id.values())


def test_exchanged_labels_are_marked_and_their_peers_are_not(seen: list[Seen]) -> None:
    cells = {key: (list(placements), evidence) for key, (placements, evidence) in enumerate(seen)}
    right = find_outliers([(key, placements, evidence.by_id) for key, (placements, evidence) in cells.items()])
    first = next(p for p in cells[2][0] if p.label == "8")
    other = next(p for p in cells[2][0] if p.label == "10")
    after = {p.chromosome_id: p for p in cells[2][0]}
    after.update({p.chromosome_id: p for p in swap(cells[2][0], first.chromosome_id, other.chromosome_id)})
    cells[2] = list(after.values()), cells[2][1]
    found = find_outliers([(key, placements, evidence.by_id) for key, (placements, evidence) in cells.items()])
    wrong = {CopyRef(2, first.chromosome_id), CopyRef(2, other.chromosome_id)}
    assert wrong <= found.keys()
    assert not wrong & right.keys()
    assert found.keys() - wrong <= right.keys()  # an exchange marks nobody else
    assert len(right) <= 3  # of 184: bent or pale ones that look like another


def test_a_cell_without_chromosomes_is_no_error() -> None:
    assert see(Cell("empty", "g", ()), "g-default")(SilentReporter()).by_id == {}
