"""Files and folders become cells of a case: the shown one, the given one, or the one for what is not filed yet."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from karyogui.library.link import LibraryLink
from karyogui.main_window import MainWindow
from karyogui.model.store.values import State

DrawFolder = Callable[..., Path]
Filled = tuple[MainWindow, int, list[int]]
Ask = Callable[..., Any]


def settled(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: not window.cases.is_busy() and not window.session.is_busy())


def names(ask: Ask, link: LibraryLink) -> dict[str, list[str]]:
    def read(library: Any) -> dict[str, list[str]]:
        return {
            summary.case.code: [record.name for record in library.cells.records(summary.case.id)]
            for summary in library.cases.find()
        }

    return dict(ask(link, read))


def test_many_cells_go_into_the_shown_case_and_are_classified(
    qtbot: QtBot, filled: Filled, ask: Ask, draw_folder: DrawFolder
) -> None:
    window, case_id, _ = filled
    window.session.classify_on_open = True
    window.library.open_case(case_id)
    for name in ("one", "two", "three"):
        folder = draw_folder(f"many/{name}")
    with qtbot.waitSignal(window.cases.importing.finished) as finished:
        window.cases.take([folder.parent])
    assert finished.args == [case_id, 3]
    settled(qtbot, window)
    assert names(ask, window.library) == {"A-1": ["cell 1", "cell 2", "one", "three", "two"]}
    records = ask(window.library, lambda library: library.cells.records(case_id))
    assert [record.state for record in records[2:]] == [State.CLASSIFIED] * 3
    assert records[2].karyotype
    assert [entry.name for entry in window.session.cells()] == ["one"]  # pixels only of what is looked at
    assert window.session.cells()[0].document.bundle() is not None


def test_the_case_is_the_one_shown_when_it_was_dropped(
    qtbot: QtBot, filled: Filled, ask: Ask, draw_folder: DrawFolder
) -> None:
    window, case_id, _ = filled
    other = ask(window.library, lambda library: library.cases.create("B-2", "Ann").id)
    window.library.open_case(case_id)
    window.cases.take([draw_folder("late")])
    window.library.open_case(other)  # before it was read
    settled(qtbot, window)
    assert names(ask, window.library) == {"A-1": ["cell 1", "cell 2", "late"], "B-2": []}


def test_files_dropped_on_a_case_go_there(qtbot: QtBot, filled: Filled, ask: Ask, draw_folder: DrawFolder) -> None:
    window, _, _ = filled
    ask(window.library, lambda library: library.cases.create("B-2", "Ann"))
    window.cases.panel.refresh()
    qtbot.waitUntil(lambda: len(window.cases.panel.cases()) == 2)
    tree = window.cases.panel.tree
    row = next(tree.model().index(number, 0) for number in range(2) if tree.model().index(number, 0).data() == "A-1")
    place = tree.viewport().mapTo(window, tree.visualRect(row).center())
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(draw_folder("dropped")))])
    how = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(window, QDragEnterEvent(place, *how))
    QApplication.sendEvent(window, QDragMoveEvent(place, *how))
    assert window.drop_overlay.words() == "Add cells to the case “A-1”"
    drop = QDropEvent(QPointF(place), *how)
    QApplication.sendEvent(window, drop)
    settled(qtbot, window)
    assert names(ask, window.library)["A-1"] == ["cell 1", "cell 2", "dropped"]


def test_cancel_stops_adding_and_keeps_what_was_added(
    qtbot: QtBot, filled: Filled, ask: Ask, draw_folder: DrawFolder
) -> None:
    window, case_id, _ = filled
    window.library.open_case(case_id)
    for number in range(6):
        folder = draw_folder(f"many/{number}")
    window.cases.importing.added.connect(lambda _cell: window.session.cancel())
    window.cases.take([folder.parent])
    qtbot.waitUntil(lambda: len(window.session.cells()) == 1 or not window.cases.importing.is_busy())
    settled(qtbot, window)
    there = names(ask, window.library)["A-1"][2:]
    assert there == [str(number) for number in range(len(there))]
    assert 1 <= len(there) < 6


def test_a_bad_cell_is_named_and_the_others_come(
    qtbot: QtBot, filled: Filled, ask: Ask, draw_folder: DrawFolder
) -> None:
    window, case_id, _ = filled
    window.library.open_case(case_id)
    folder = draw_folder("many/good").parent
    (folder / "bad").mkdir()
    (folder / "bad" / "a.png").write_bytes(b"no picture")
    window.cases.take([folder])
    settled(qtbot, window)
    assert names(ask, window.library)["A-1"][2:] == ["good"]
    strip = window.messages.shown("failures")
    assert strip is not None
    assert "a.png" in strip.label.text() or "bad" in strip.label.text()


def test_samples_stay_outside_the_library(qtbot: QtBot, filled: Filled, ask: Ask) -> None:
    window, _, _ = filled
    window.opening.open_sample("46,XX")
    qtbot.waitUntil(lambda: len(window.session.cells()) == 1 and not window.session.is_busy())
    assert window.library.store_cell(window.session.cells()[0].id) is None
    assert names(ask, window.library) == {"A-1": ["cell 1", "cell 2"]}
    qtbot.waitUntil(lambda: window.cases.panel.chosen_loose_cell() == window.session.cells()[0].id)


def test_the_status_bar_names_the_case_even_if_it_was_made_just_now(
    qtbot: QtBot, window: MainWindow, draw_folder: DrawFolder
) -> None:
    folders = [draw_folder(name) for name in ("one", "two", "three")]
    with qtbot.waitSignal(window.cases.said) as said:
        window.cases.take(folders[:1])
    assert said.args == ["1 cell was added to case Unfiled"]
    with qtbot.waitSignal(window.cases.said) as said:
        window.cases.take(folders[1:])
    assert said.args == ["2 cells were added to case Unfiled"]
    settled(qtbot, window)
