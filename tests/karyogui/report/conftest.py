"""A case in a library with bars for chromosomes, and what a report of it is made of."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from engine.progress import SilentReporter
from engine.types import CLASS_INDEX, BundleRef
from karyogui.main_window import MainWindow
from karyogui.model.cell import Cell, Chromosome
from karyogui.model.count_sheet import count_sheet
from karyogui.model.karyogram import Placement, move, unplaced
from karyogui.model.report.choice import proposed_cells
from karyogui.model.store.library import Library
from karyogui.model.store.values import SheetEntry, State
from karyogui.report.gather import CaseData, ReportMaker, ReportOptions, read_case, read_cells
from karyogui.report.templates import SHIPPED, ReportTemplate
from karyogui.report.window import ReportWindow
from karyogui.settings import Preferences, save_preferences

DAY = date(2026, 11, 26)
NORMAL = [str(n) for n in range(1, 23) for _ in range(2)] + ["X", "X"]


def bars(name: str, labels: Sequence[str]) -> tuple[Cell, tuple[Placement, ...]]:
    """A cell of grey bars, every chromosome placed by a person."""
    chromosomes, places = [], []
    for index, label in enumerate(labels):
        mask = np.zeros((104 - 2 * CLASS_INDEX[label], 16), dtype=np.bool_)
        mask[2:-2, 2:-2] = True
        chromosomes.append(Chromosome(index, f"{index:03}.png", mask.astype(np.float32), mask))
        places.append(label)
    cell = Cell(name, "g", tuple(chromosomes))
    placements = {p.chromosome_id: p for p in unplaced(cell)}
    for index, label in enumerate(places):
        placements.update({p.chromosome_id: p for p in move(placements.values(), {index}, label)})
    return cell, tuple(placements.values())


def add_cell(library: Library, case_id: int, name: str, labels: Sequence[str], *, reviewed: bool = True) -> int:
    """Put a cell of bars into a case."""
    cell, placements = bars(name, labels)
    record = library.cells.add(case_id, cell, "Ann")
    library.cells.save_placements(record.id, placements, "Ann", "Move")
    library.cells.save_sheet(record.id, SheetEntry(counted=True, analysed=True, band_level=550, quality=4), "Ann")
    if reviewed:
        library.cells.set_state(record.id, State.REVIEWED, "Ann")
    return record.id


def fill_library(library: Library) -> int:
    """A case with two cells of 47,XX,+8 and three of 46,XX, all reviewed; its id."""
    specimen = {"Tissue": "bone marrow <&>", "Method": "24 h culture"}
    case = library.cases.create("B26-1 Müller", "Ann", constitutional=False, sex="XX", specimen=specimen)
    for number in range(1, 6):
        add_cell(library, case.id, f"cell {number}", [*NORMAL, *(["8"] if number < 3 else [])])
    return case.id


@pytest.fixture(scope="module")
def library_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library of `fill_library`, to be copied."""
    path = tmp_path_factory.mktemp("library") / "library.sqlite"
    library = Library.open(path)
    fill_library(library)
    library.close()
    return path


@pytest.fixture(scope="module")
def library(library_file: Path) -> Iterator[Library]:
    """The same, open: for reading."""
    opened = Library.open(library_file)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def data(library: Library) -> CaseData:
    """Its case."""
    return read_case(library, library.cases.find()[0].case.id)


MakeReport = Callable[..., ReportMaker]


@pytest.fixture(scope="module")
def make(library: Library, data: CaseData, qapp: object) -> MakeReport:
    """Return a function that gathers a report; `changes` are options."""
    cells = proposed_cells(count_sheet(data.case, data.records))
    shown = read_cells(library, cells, SilentReporter())

    def made(case: CaseData | None = None, **changes: object) -> ReportMaker:
        options = ReportOptions(ReportTemplate(SHIPPED), cells, laboratory="Test Laboratory\nStreet 1", method="GTG")
        return ReportMaker(case or data, shown, replace(options, **changes), DAY)  # type: ignore[arg-type]

    return made


@pytest.fixture
def own(tmp_path: Path) -> Callable[[str], ReportTemplate]:
    """Return a function that writes a template of the laboratory, with a logo beside it and a secret outside."""
    folder = tmp_path / "templates"
    folder.mkdir()
    Image.new("L", (40, 20), 0).save(folder / "logo.png")
    Image.new("L", (40, 20), 0).save(tmp_path / "secret.png")

    def write(text: str, name: str = "own.html") -> ReportTemplate:
        (folder / name).write_text(text, encoding="utf-8")
        return ReportTemplate(name, folder)

    return write


@pytest.fixture
def in_review(library_file: Path, tmp_path: Path) -> Iterator[Library]:
    """A copy of the library in which one more cell is still in review."""
    path = tmp_path / "copy.sqlite"
    path.write_bytes(library_file.read_bytes())
    copy = Library.open(path)
    add_cell(copy, copy.cases.find()[0].case.id, "cell 6", NORMAL, reviewed=False)
    yield copy
    copy.close()


@pytest.fixture(scope="session")
def bundle() -> BundleRef:
    """A bundle that did not classify these cells."""
    return BundleRef("g-default", "1.0")


@dataclass
class Office:
    """A window with the library of `fill_library` and one more cell that is still in review."""

    window: MainWindow
    case_id: int
    asked: Callable[[Callable[[Library], Any]], Any]

    def open(self) -> ReportWindow:
        """Open the report by its action."""
        self.window.actions_["report"].trigger()
        assert self.window.reporting.window is not None
        return self.window.reporting.window


@pytest.fixture
def office(
    home: Path, library_file: Path, qtbot: QtBot, make_window: Callable[[], MainWindow], tmp_path: Path
) -> Office:
    """See `Office`; reports are written to `tmp_path`."""
    (home / "data").mkdir(parents=True, exist_ok=True)
    (home / "config").mkdir(parents=True, exist_ok=True)
    (home / "data" / "library.sqlite").write_bytes(library_file.read_bytes())
    save_preferences(home / "config" / "preferences.json", Preferences(export_folder=str(tmp_path)))
    window = make_window()
    link = window.library
    qtbot.waitUntil(link.is_open)
    link.user = "Bo"

    def asked(work: Callable[[Library], Any]) -> Any:
        found: list[Any] = []
        qtbot.waitUntil(link.writes.is_idle)
        link.run("test", lambda library, reporter: work(library), on_success=found.append)
        qtbot.waitUntil(lambda: bool(found))
        return found[0]

    def grow(library: Library) -> int:
        case_id = library.cases.find()[0].case.id
        add_cell(library, case_id, "cell 6", NORMAL, reviewed=False)
        return case_id

    case_id = asked(grow)
    link.open_case(case_id)
    return Office(window, case_id, asked)
