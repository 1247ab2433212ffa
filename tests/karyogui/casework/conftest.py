"""Windows whose library holds a case of cells with given karyotypes."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from engine.karyotype.iscn import parse_numerical
from engine.types import CLASS_LABELS, MARKER
from karyogui.library.link import LibraryLink
from karyogui.main_window import MainWindow
from karyogui.model.cell import Cell, Chromosome
from karyogui.model.karyogram import Placement
from karyogui.model.store.cells import Cells
from karyogui.model.store.library import Library

_PATIENCE_MS = 60_000  # twenty cells, each put on the disk before the next

Fill = Callable[..., tuple[int, list[int]]]
Ask = Callable[[Callable[[Library], Any]], Any]


def put_cell(cells: Cells, case_id: int, name: str, karyotype: str, tray: int = 0) -> int:
    """Add a cell whose chromosomes, bars of the length of their label, lie as a karyotype says."""
    counts = parse_numerical(karyotype)
    labels: list[str | None] = [label for label in (*CLASS_LABELS, MARKER) for _ in range(counts.count(label))]
    labels += [None] * tray
    chromosomes, placements, seen = [], [], dict.fromkeys([*labels, None], 0)
    for number, label in enumerate(labels):
        length = 34 - (CLASS_LABELS.index(label) if label in CLASS_LABELS else 20)
        pixels = np.zeros((length + 6, 12), np.float32)
        pixels[3:-3, 3:-3] = 0.6
        chromosomes.append(Chromosome(number, f"{number:03}.png", pixels, pixels > 0))
        placements.append(Placement(number, label, seen[label]))
        seen[label] += 1
    record = cells.add(case_id, Cell(name, "g", tuple(chromosomes)), "Ann")
    return cells.save_placements(record.id, placements, "Ann", "Arrange").id


@pytest.fixture
def ask(qtbot: QtBot, window: MainWindow) -> Ask:
    """Return a function that asks the library of the window something, after all that was asked before."""

    def asked(work: Callable[[Library], Any]) -> Any:
        link: LibraryLink = window.library
        found: list[Any] = []
        qtbot.waitUntil(lambda: link.is_open() and link.writes.is_idle(), timeout=_PATIENCE_MS)
        link.run("test", lambda library, _reporter: work(library), on_success=found.append)
        qtbot.waitUntil(lambda: bool(found), timeout=_PATIENCE_MS)
        return found[0]

    return asked


@pytest.fixture
def fill(qtbot: QtBot, window: MainWindow, ask: Ask) -> Fill:
    """Return a function that makes a case of cells with these karyotypes and opens it: `fill("47,XX,+8", "46,XX")`."""

    def filled(*karyotypes: str, trays: Sequence[int] = (), **case: Any) -> tuple[int, list[int]]:
        window.library.user = "Ann"

        def work(library: Library) -> tuple[int, list[int]]:
            made = library.cases.create("A-1", "Ann", **case)
            left = [*trays, *[0] * len(karyotypes)]
            ids = [
                put_cell(library.cells, made.id, f"cell {n}", text, left[n - 1])
                for n, text in enumerate(karyotypes, start=1)
            ]
            return made.id, ids

        case_id, cells = ask(work)
        window.library.open_case(case_id)
        qtbot.waitUntil(lambda: len(window.tabs.case.work.records) == len(karyotypes), timeout=_PATIENCE_MS)
        return case_id, cells

    return filled
