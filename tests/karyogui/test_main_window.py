"""The whole window: open, classify, cancel, correct, drop, close. Real reading, real jobs, real events."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.errors import BundleError
from karyogui.main_window import MainWindow
from karyogui.session import CellState

DrawFolder = Callable[..., Path]
MakeWindow = Callable[[], MainWindow]
OpenAndWait = Callable[..., None]
Act = Callable[[MainWindow], None]
Find = Callable[[MainWindow, str], Any]


def test_empty_window_offers_where_to_begin(window: MainWindow) -> None:
    assert window.centre.currentWidget() is window.start_page
    assert [button.text() for button in window.start_page.sample_buttons] == ["46,XX", "46,XY", "47,XY,+21"]
    enabled = {
        name
        for name in ("export", "classify", "cancel", "undo", "flip", "close_cell")
        if window.actions_[name].isEnabled()
    }
    assert enabled == set()
    assert window.actions_["open_folder"].isEnabled()


def test_tray_first_then_the_karyogram(
    qtbot: QtBot, window: MainWindow, draw_folder: DrawFolder, classifier: Any
) -> None:
    classifier.open.clear()
    window.session.open_paths([draw_folder()])
    qtbot.waitUntil(classifier.started.is_set)
    qtbot.waitUntil(lambda: window.status.is_working() and "6" in window.status.facts.text())
    entry = window.session.current()
    assert entry is not None
    assert entry.state is CellState.CLASSIFYING
    assert [p.label for p in entry.document.placements()] == [None] * 6
    assert window.status.facts.text().startswith("0 of 6 placed")
    assert window.status.work_text.text() == "Classifying cell a"
    assert window.actions_["cancel"].isEnabled()
    assert window.centre.currentWidget() is window.pages.karyograms

    classifier.open.set()
    qtbot.waitUntil(lambda: not window.session.is_busy())
    assert [p.label for p in entry.document.placements()] == ["1", "1", "2", "2", "3", "3"]
    assert {p.rotation_deg for p in entry.document.placements()} == {180.0}
    assert "bundle drawn 1.0" in window.status.facts.text()
    assert not window.status.is_working()
    assert not entry.has_changes()  # a first classification is no work of hers
    assert window.windowTitle() == "cell a – karyogui"


def test_escape_cancels_at_once_and_the_late_result_is_dropped(
    qtbot: QtBot, window: MainWindow, draw_folder: DrawFolder, classifier: Any
) -> None:
    classifier.open.clear()
    window.session.open_paths([draw_folder()])
    qtbot.waitUntil(classifier.started.is_set)
    qtbot.waitUntil(lambda: window.actions_["cancel"].isEnabled() and window.pages.view() is not None)
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
    qtbot.keyClick(window.pages.view(), Qt.Key.Key_Escape)
    # The classifier's step is still held: nobody waited for it.
    assert not window.session.is_busy()
    entry = window.session.current()
    assert entry is not None
    assert entry.state is CellState.NEW
    assert not window.status.is_working()

    classifier.open.set()
    window.desk.executor("engine").submit(int).result(30)  # the thread has left the step
    QApplication.processEvents()
    assert [p.label for p in entry.document.placements()] == [None] * 6
    assert entry.document.bundle() is None


def test_cancel_button_does_the_same(
    qtbot: QtBot, window: MainWindow, draw_folder: DrawFolder, classifier: Any
) -> None:
    classifier.open.clear()
    window.session.open_paths([draw_folder()])
    qtbot.waitUntil(lambda: "Classifying" in window.status.work_text.text())
    qtbot.mouseClick(window.status.cancel, Qt.MouseButton.LeftButton)
    assert not window.session.is_busy()


def test_failure_in_the_users_words(
    qtbot: QtBot, window: MainWindow, draw_folder: DrawFolder, classifier: Any, open_and_wait: OpenAndWait
) -> None:
    classifier.error = BundleError("The bundle x is damaged; choose another one.")
    open_and_wait(window, draw_folder())
    strip = window.messages.shown("failures")
    assert strip is not None
    assert strip.label.text() == "The bundle x is damaged; choose another one."
    assert window.session.cells()[0].state is CellState.NEW
    qtbot.mouseClick(strip.close_button, Qt.MouseButton.LeftButton)
    assert window.messages.shown("failures") is None


def test_our_own_mistake_comes_with_details_to_copy(
    qtbot: QtBot, window: MainWindow, draw_folder: DrawFolder, classifier: Any, open_and_wait: OpenAndWait, dialog: Find
) -> None:
    classifier.error = ZeroDivisionError("by our fault")
    open_and_wait(window, draw_folder())
    box = dialog(window, "error_dialog")
    assert "Classify cell a" in box.text()
    qtbot.mouseClick(box.copy_button, Qt.MouseButton.LeftButton)
    assert "ZeroDivisionError: by our fault" in QApplication.clipboard().text()
    assert box.isVisible()  # copying does not close it
    qtbot.mouseClick(box.close_button, Qt.MouseButton.LeftButton)


def test_nothing_to_open_is_one_sentence(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    window.session.open_paths([tmp_path / "not there"])
    qtbot.waitUntil(lambda: window.messages.shown("failures") is not None)
    strip = window.messages.shown("failures")
    assert strip is not None
    assert "not there" in strip.label.text()
    assert window.session.cells() == ()


def test_a_bad_file_is_a_quiet_remark_with_details(
    qtbot: QtBot, window: MainWindow, draw_folder: DrawFolder, open_and_wait: OpenAndWait
) -> None:
    folder = draw_folder()
    (folder / "broken.png").write_bytes(b"\x89PNG no more")
    (folder / "empty.png").touch()
    open_and_wait(window, folder)
    strip = window.messages.shown("warnings")
    assert strip is not None
    assert strip.label.text() == "2 remarks on the files of cell a"
    qtbot.mouseClick(strip.details_button, Qt.MouseButton.LeftButton)
    assert "broken.png" in strip.details.toPlainText()
    assert "empty.png" in strip.details.toPlainText()
    assert strip.details.isVisible()
    assert len(window.session.cells()[0].document.placements()) == 6


def test_files_and_folders_dropped_on_the_window(qtbot: QtBot, window: MainWindow, draw_folder: DrawFolder) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(draw_folder("left"))), QUrl.fromLocalFile(str(draw_folder("right", 4)))])
    action, buttons, keys = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(300, 300), action, data, buttons, keys)
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    assert window.drop_overlay.isVisible()
    drop = QDropEvent(QPointF(300, 300), action, data, buttons, keys)
    QApplication.sendEvent(window, drop)
    assert drop.isAccepted()
    assert not window.drop_overlay.isVisible()
    qtbot.waitUntil(lambda: len(window.cases.panel.cases()) == 1 and window.cases.panel.cases()[0].cells == 2)
    (unfiled,) = window.cases.panel.cases()
    assert unfiled.case.code == "Unfiled"
    qtbot.waitUntil(lambda: len(window.cases.panel.cells_of(unfiled.case.id)) == 2 and not window.cases.is_busy())
    names = [window.cases.panel.item(cell).text() for cell in window.cases.panel.cells_of(unfiled.case.id)]
    assert names == ["left", "right"]
    entry = window.session.current()  # the first one is shown
    assert entry is not None
    assert (entry.name, len(entry.document.placements())) == ("left", 6)


def test_text_is_no_drop(window: MainWindow) -> None:
    data = QMimeData()
    data.setText("not a file")
    enter = QDragEnterEvent(
        QPoint(300, 300), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(window, enter)
    assert not enter.isAccepted()


def test_several_cells_by_keyboard(
    qtbot: QtBot, window: MainWindow, draw_folder: DrawFolder, open_and_wait: OpenAndWait
) -> None:
    first = draw_folder("many/one")
    draw_folder("many/two")
    open_and_wait(window, first.parent)
    assert [entry.name for entry in window.session.cells()] == ["one", "two"]
    window.actions_["next_cell"].trigger()
    current = window.session.current()
    assert current is not None
    assert current.name == "two"
    qtbot.waitUntil(lambda: window.cases.panel.chosen_loose_cell() == current.id)
    window.actions_["close_cell"].trigger()
    assert [entry.name for entry in window.session.cells()] == ["one"]
    assert not window.actions_["next_cell"].isEnabled()
    window.actions_["close_cell"].trigger()
    assert window.centre.currentWidget() is window.start_page


def test_undo_is_named_in_the_menu_and_works_by_key(
    qtbot: QtBot, window: MainWindow, draw_folder: DrawFolder, open_and_wait: OpenAndWait, correct: Act
) -> None:
    open_and_wait(window, draw_folder())
    entry = window.session.cells()[0]
    before = entry.document.placements()
    correct(window)
    assert window.actions_["undo"].text() == "&Undo Flip 6 chromosomes"
    assert entry.has_changes()
    assert window.windowTitle() == "• cell a – karyogui"
    qtbot.keyClick(window.pages.view(), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert entry.document.placements() == before
    assert window.actions_["redo"].text() == "&Redo Flip 6 chromosomes"
    assert not entry.has_changes()


def test_classifying_again_keeps_corrections_in_undo(
    qtbot: QtBot, window: MainWindow, draw_folder: DrawFolder, open_and_wait: OpenAndWait, correct: Act
) -> None:
    open_and_wait(window, draw_folder())
    entry = window.session.cells()[0]
    correct(window)
    corrected = entry.document.placements()
    window.actions_["classify"].trigger()
    qtbot.waitUntil(lambda: not window.session.is_busy())
    assert entry.document.placements() != corrected
    window.actions_["undo"].trigger()
    assert entry.document.placements() == corrected


def test_chosen_bundle_is_used_and_remembered(
    qtbot: QtBot, make_window: MakeWindow, draw_folder: DrawFolder, open_and_wait: OpenAndWait, classifier: Any
) -> None:
    window = make_window()
    menu = window.actions_.menus["cell/bundle"]
    menu.aboutToShow.emit()
    qtbot.waitUntil(lambda: window.desk.kinds() == ())
    assert [action.text() for action in menu.actions()] == ["Default for the stain", "drawn 1.0", "mine 2.1"]
    menu.actions()[2].trigger()
    open_and_wait(window, draw_folder())
    assert classifier.asked == [("cell a", "mine")]
    window.close()
    assert make_window().session.bundle == "mine"


def test_recent_and_layout_are_remembered(
    qtbot: QtBot, make_window: MakeWindow, draw_folder: DrawFolder, open_and_wait: OpenAndWait, home: Path
) -> None:
    folder = draw_folder()
    window = make_window()
    open_and_wait(window, folder)
    window.actions_["show_inspector"].trigger()
    assert window.panels.inspector.isHidden()
    QApplication.processEvents()  # the layout lets go of the inspector's width
    window.resize(780, 640)
    size = window.size()
    assert (size.width(), size.height()) == (780, 640)
    window.close()
    stored = json.loads((home / "config" / "preferences.json").read_text())
    assert stored["recent"] == [str(folder)]

    again = make_window()
    assert again.size() == size
    assert again.panels.inspector.isHidden()
    assert not again.actions_["show_inspector"].isChecked()
    qtbot.mouseClick(again.start_page.recent_buttons[0], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(again.session.cells()) == 1 and not again.session.is_busy())


def test_a_recent_folder_that_is_gone_is_greyed(
    window: MainWindow, draw_folder: DrawFolder, open_and_wait: OpenAndWait
) -> None:
    folder = draw_folder()
    open_and_wait(window, folder)
    menu = window.actions_.menus["file/recent"]
    menu.aboutToShow.emit()
    assert menu.actions()[0].isEnabled()
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()
    menu.aboutToShow.emit()
    assert (menu.actions()[0].text(), menu.actions()[0].isEnabled()) == ("cell a", False)
    menu.actions()[-1].trigger()
    menu.aboutToShow.emit()
    assert [action.text() for action in menu.actions()] == ["Nothing yet"]


def test_next_to_review_selects_the_least_certain(
    qtbot: QtBot, window: MainWindow, draw_folder: DrawFolder, open_and_wait: OpenAndWait, classifier: Any
) -> None:
    classifier.confidence = 0.6
    open_and_wait(window, draw_folder())
    assert "6 to review" in window.status.facts.text()
    window.actions_["next_uncertain"].trigger()
    view = window.pages.view()
    inspector = window.pages.inspector()
    assert view is not None
    assert inspector is not None
    assert view.selected_ids() == [0]
    assert inspector.shown_ids() == (0,)
    window.actions_["next_uncertain"].trigger()
    assert view.selected_ids() == [1]
