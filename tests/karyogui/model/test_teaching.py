"""What an open cell teaches: only what a person stands behind, the right way up."""

from dataclasses import replace

import numpy as np

from engine.types import MARKER, ChromosomeImage
from karyogui.model.cell import Cell, Chromosome
from karyogui.model.karyogram import Placement
from karyogui.model.teaching import TeachingCell, balanced, from_document, label_counts, rare


def cell_of(count: int) -> Cell:
    ones = np.ones((4, 3), np.float32)
    chromosomes = tuple(Chromosome(i, f"{i}.png", ones * i / 10, ones > 0) for i in range(count))
    return Cell("one", "g", chromosomes)


def taught(placements: list[Placement], *, reviewed: bool = False) -> TeachingCell | None:
    return from_document(cell_of(len(placements)), placements, reviewed=reviewed, key=("open", 5))


def test_a_cell_nobody_touched_teaches_nothing() -> None:
    untouched = [Placement(0, "1", 0), Placement(1, "1", 1)]
    assert taught(untouched) is None
    assert taught(untouched, reviewed=True) is None  # the model was sure of all: it would learn from itself


def test_a_cell_a_person_confirmed_teaches_all_of_it() -> None:
    untouched = [Placement(0, "1", 0), Placement(1, None, 0)]
    cell = from_document(
        cell_of(2), untouched, reviewed=True, confirmed=True, key=("library", 3), name="A / one", group="A", origin="x"
    )
    assert cell is not None
    assert (cell.labels, cell.name, cell.group, cell.origin) == (("1", None), "A / one", "A", "x")


def test_before_the_end_of_the_review_only_what_was_decided_counts() -> None:
    placements = [
        Placement(0, "1", 0, rotation_deg=90.0, accepted=True),
        Placement(1, "2", 0, rotation_deg=30.0),
        Placement(2, MARKER, 0, accepted=True),
        Placement(3, None, 0, accepted=True),
    ]
    some = taught(placements)
    assert some is not None
    assert some.labels == ("1", None, None, None)
    assert some.upright_deg == (90.0, None, None, None)
    assert (some.count, some.key, some.ids) == (1, ("open", 5), (0, 1, 2, 3))
    every = taught(placements, reviewed=True)
    assert every is not None
    assert every.labels == ("1", "2", None, None)
    assert taught([replace(p, accepted=p.label is None) for p in placements]) is None


def test_a_mirrored_one_was_turned_the_other_way() -> None:
    mirrored = taught([Placement(0, "7", 0, rotation_deg=40.0, mirrored=True, accepted=True)])
    assert mirrored is not None
    assert mirrored.upright_deg == (-40.0,)


def test_counts_rare_and_balanced() -> None:
    image = ChromosomeImage(np.ones((2, 2), np.float32), np.ones((2, 2), np.bool_), "a")
    labels = ("1",) * 6 + ("2",) * 6 + ("3",) * 2 + ("4",)
    cell = TeachingCell("a", "g", (image,) * 15, labels, (None,) * 15, "a", "", ("x", 0))
    counts = label_counts([cell])
    assert (counts["1"], counts["3"], counts["4"], counts["Y"]) == (6, 2, 1, 0)
    assert {"4", "Y"} <= rare(counts)
    assert "1" not in rare(counts)
    after = balanced(counts, "smote_features")
    assert (after["1"], after["3"], after["4"], after["Y"]) == (6, 4, 1, 0)  # one example has no neighbour
    assert balanced(counts, "none") == counts
    assert cell.with_label(0, "5").labels[0] == "5"
