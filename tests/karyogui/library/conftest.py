"""Windows with their library open, and cells in it."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from karyogui.library.link import LibraryLink
from karyogui.main_window import MainWindow
from karyogui.model.cell import Cell, Chromosome


def drawn(name: str = "cell 1", seed: int = 0, count: int = 6) -> Cell:
    rng = np.random.default_rng(seed)
    chromosomes = []
    for number in range(count):
        pixels = np.zeros((60 - 4 * number, 16), np.float32)
        pixels[3:-3, 3:-3] = rng.uniform(0.3, 1.0, (54 - 4 * number, 10))
        chromosomes.append(Chromosome(number, f"{number:03}.png", pixels, pixels > 0))
    return Cell(name, "g", tuple(chromosomes))


@pytest.fixture
def draw() -> Callable[..., Cell]:
    """Return a function that draws a cell of six chromosomes."""
    return drawn


@pytest.fixture
def ask(qtbot: QtBot) -> Callable[[LibraryLink, Callable[..., Any]], Any]:
    """Return a function that asks the library something in its thread, after all that was asked before."""

    def asked(link: LibraryLink, work: Callable[..., Any]) -> Any:
        found: list[Any] = []
        qtbot.waitUntil(link.writes.is_idle)
        link.run("test", lambda library, reporter: work(library), on_success=found.append)
        qtbot.waitUntil(lambda: bool(found))
        return found[0]

    return asked


@pytest.fixture
def filled(window: MainWindow, ask: Callable[..., Any]) -> tuple[MainWindow, int, list[int]]:
    """A window whose library holds a case with two new cells, which nobody classifies; the case and the cells."""
    window.session.classify_on_open = False
    window.library.user = "Ann"

    def fill(library: Any) -> tuple[int, list[int]]:
        case = library.cases.create("A-1", "Ann")
        return case.id, [library.cells.add(case.id, drawn(f"cell {n}", n), "Ann").id for n in (1, 2)]

    case_id, cells = ask(window.library, fill)
    return window, case_id, cells
