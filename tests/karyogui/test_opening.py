"""Dialogs to open files and folders; what is remembered of them."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from karyogui.main_window import MainWindow
from karyogui.opening import dropped_paths
from karyogui.settings import Folders, load_preferences

DrawFolder = Callable[..., Path]


def asked(window: MainWindow) -> QFileDialog:
    (dialog,) = [d for d in window.findChildren(QFileDialog) if d.objectName() == "open_dialog" and d.isVisible()]
    return dialog


def test_images_chosen_one_by_one_are_a_cell(qtbot: QtBot, window: MainWindow, draw_folder: DrawFolder) -> None:
    folder = draw_folder()
    window.actions_["open_files"].trigger()
    dialog = asked(window)
    assert dialog.fileMode() == QFileDialog.FileMode.ExistingFiles
    dialog.filesSelected.emit([str(folder / "000.png"), str(folder / "001.png")])
    dialog.done(0)
    qtbot.waitUntil(lambda: len(window.session.cells()) == 1 and window.session.cells()[0].is_ready())
    assert len(window.session.cells()[0].document.placements()) == 2
    preferences = load_preferences(Folders.of_user().preferences_file)
    assert preferences.recent == (str(folder),)
    assert preferences.last_folder == str(folder)


def test_a_folder_is_asked_for_where_the_last_one_was(
    qtbot: QtBot, window: MainWindow, draw_folder: DrawFolder
) -> None:
    folder = draw_folder()
    window.actions_["open_folder"].trigger()
    dialog = asked(window)
    assert dialog.fileMode() == QFileDialog.FileMode.Directory
    dialog.filesSelected.emit([str(folder)])
    dialog.done(0)
    qtbot.waitUntil(lambda: len(window.session.cells()) == 1 and not window.session.is_busy())
    window.actions_["open_folder"].trigger()
    assert Path(asked(window).directory().absolutePath()) == folder.parent
    asked(window).done(0)


def test_opening_the_same_cell_twice_shows_the_first(qtbot: QtBot, window: MainWindow, draw_folder: DrawFolder) -> None:
    one, two = draw_folder("one"), draw_folder("two")
    for folder in (one, two, one):
        window.opening.open_recent(str(folder))
        name = folder.name
        qtbot.waitUntil(lambda name=name: (entry := window.session.current()) is not None and entry.name == name)
        qtbot.waitUntil(lambda: not window.cases.is_busy() and not window.session.is_busy())
    assert [entry.name for entry in window.session.cells()] == ["one", "two"]
    assert [summary.cells for summary in window.cases.panel.cases()] == [2]  # nothing was added twice


def test_samples_are_opened_but_not_remembered(qtbot: QtBot, window: MainWindow) -> None:
    menu = window.actions_.menus["file/samples"]
    assert [action.text() for action in menu.actions()] == ["46,XX", "46,XY", "47,XY,+21"]
    menu.actions()[2].trigger()
    qtbot.waitUntil(lambda: len(window.session.cells()) == 1 and not window.session.is_busy())
    assert len(window.session.cells()[0].document.placements()) == 47
    assert load_preferences(Folders.of_user().preferences_file).recent == ()


def test_only_local_files_can_be_dropped() -> None:
    data = QMimeData()
    data.setUrls([QUrl("https://example.org/a.png"), QUrl.fromLocalFile("/cells/ä b.png")])
    assert dropped_paths(data) == [Path("/cells/ä b.png")]
