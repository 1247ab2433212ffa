"""What a cut does to cell and karyogram."""

from dataclasses import replace

import numpy as np
import pytest

from engine.types import BundleRef, CellResult, ChromosomeResult
from karyogui.model.cell import Cell, Chromosome
from karyogui.model.karyogram import Placement, check_placements
from karyogui.model.replacing import next_chromosome_id, with_classified_pieces, with_pieces


def drawn(number: int, height: int = 20) -> Chromosome:
    mask = np.ones((height, 10), dtype=np.bool_)
    return Chromosome(number, f"{number:03}.png", mask.astype(np.float32), mask)


@pytest.fixture
def cell() -> Cell:
    """Three chromosomes, the second the largest."""
    return Cell("cell", "g", (drawn(0), drawn(1, 30), drawn(2)))


@pytest.fixture
def placements() -> tuple[Placement, ...]:
    return (
        Placement(0, "1", 0, accepted=True),
        Placement(1, "1", 1, rotation_deg=30.0, mirrored=True, centromere=0.3, accepted=True),
        Placement(2, None, 0),
    )


def said(label: str | None) -> ChromosomeResult:
    return ChromosomeResult("x.png", label, 0.9, label or "1", (1.0, *[0.0] * 23), 90.0, False, 0.25)


def test_the_first_piece_stays_and_the_others_go_to_the_tray(cell: Cell, placements: tuple[Placement, ...]) -> None:
    after, where = with_pieces(cell, placements, [1], [drawn(3), drawn(4)])
    assert [c.id for c in after.chromosomes] == [0, 3, 4, 2]
    check_placements(after, where)
    turned = {"rotation_deg": 30.0, "mirrored": True, "centromere": 0.3}
    assert where == (placements[0], placements[2], Placement(3, "1", 1, **turned), Placement(4, None, 1, **turned))


def test_a_join_closes_the_gap_it_leaves(cell: Cell, placements: tuple[Placement, ...]) -> None:
    after, where = with_pieces(cell, placements, [0, 1], [drawn(3)])
    assert [c.id for c in after.chromosomes] == [3, 2]
    check_placements(after, where)
    assert {p.chromosome_id: (p.label, p.order) for p in where} == {2: (None, 0), 3: ("1", 0)}


def test_ids_grow(cell: Cell) -> None:
    assert next_chromosome_id(cell) == 3
    assert next_chromosome_id(Cell("empty", "g", ())) == 0


def test_only_the_pieces_take_over_what_the_engine_says(cell: Cell, placements: tuple[Placement, ...]) -> None:
    result = CellResult("cell", "g", BundleRef("drawn", "1"), "", (said("5"), said("6"), said("1")), (), (), 0.1)
    after, where = with_classified_pieces(cell, placements, result, [2])
    check_placements(after, where)
    assert where[:2] == placements[:2]
    assert where[2] == Placement(2, "1", 2, rotation_deg=90.0, centromere=0.25)
    assert [c.prediction for c in after.chromosomes] == [None, None, result.chromosomes[2]]


def test_a_piece_somebody_has_placed_stays(cell: Cell, placements: tuple[Placement, ...]) -> None:
    result = CellResult("cell", "g", BundleRef("drawn", "1"), "", (said("5"), said("6"), said("1")), (), (), 0.1)
    mine = (*placements[:2], replace(placements[2], accepted=True))
    after, where = with_classified_pieces(cell, mine, result, [2])
    assert where == mine
    assert after.chromosome(2).prediction is result.chromosomes[2]
