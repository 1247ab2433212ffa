"""A window with a case of one cell in its library."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from karyogui.main_window import MainWindow
from karyogui.model.cell import Cell, Chromosome
from karyogui.model.store.library import Library
from karyogui.model.store.values import SheetEntry


@dataclass
class Desk:
    """What a test of the trail works with."""

    window: MainWindow
    case_id: int
    cell_id: int
    asked: Callable[[Callable[[Library], Any]], Any]


@pytest.fixture
def desk(qtbot: QtBot, window: MainWindow) -> Desk:
    """A case with one cell, a line of the count sheet, and Ann at work."""
    link = window.library
    qtbot.waitUntil(link.is_open)
    link.user = "Ann"

    def asked(work: Callable[[Library], Any]) -> Any:
        found: list[Any] = []
        qtbot.waitUntil(link.writes.is_idle)
        link.run("test", lambda library, reporter: work(library), on_success=found.append)
        qtbot.waitUntil(lambda: bool(found))
        return found[0]

    def fill(library: Library) -> tuple[int, int]:
        mask = np.ones((30, 8), dtype=np.bool_)
        pieces = tuple(Chromosome(n, f"{n}.png", mask.astype(np.float32) * (n + 1) / 9, mask) for n in range(3))
        case = library.cases.create("A-1", "Ann")
        cell = library.cells.add(case.id, Cell("cell 1", "g", pieces), "Ann")
        library.cells.save_sheet(cell.id, SheetEntry(counted=True), "Bo")
        return case.id, cell.id

    case_id, cell_id = asked(fill)
    link.open_case(case_id)
    return Desk(window, case_id, cell_id, asked)
