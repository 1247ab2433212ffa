"""A case goes out as one file and comes in again: whole, anonymous where asked, or not at all, in a sentence."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from karyogui.main_window import MainWindow

Filled = tuple[MainWindow, int, list[int]]
Ask = Callable[..., Any]
Find = Callable[[MainWindow, str], Any]


def exported(qtbot: QtBot, filled: Filled, dialog: Find, path: Path, *, anonymous: bool) -> Path:
    window, case_id, _ = filled
    window.cases.panel.refresh()
    qtbot.waitUntil(lambda: len(window.cases.panel.cases()) == 1)
    window.library.open_case(case_id)
    window.actions_["export_case"].trigger()
    box = dialog(window, "export_case_dialog")
    assert box.file.text().endswith("A-1.karyo")
    box.anonymous_box.setChecked(anonymous)
    assert box.file.text().endswith("case.karyo" if anonymous else "A-1.karyo")
    box.file.setText(str(path.with_suffix("")))
    with qtbot.waitSignal(window.cases.files.exported):
        box.export_button.click()
    assert path.exists()
    return path


def drop(window: MainWindow, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    how = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(window, QDragEnterEvent(QPoint(500, 300), *how))
    assert window.drop_overlay.words() == "Import as a case"
    QApplication.sendEvent(window, QDropEvent(QPointF(500, 300), *how))


def test_a_case_goes_out_and_comes_in_again(
    qtbot: QtBot, filled: Filled, ask: Ask, dialog: Find, tmp_path: Path
) -> None:
    window, case_id, _ = filled
    path = exported(qtbot, filled, dialog, tmp_path / "sent.karyo", anonymous=False)
    drop(window, path)  # it is here already
    qtbot.waitUntil(lambda: window.messages.shown("failures") is not None)
    strip = window.messages.shown("failures")
    assert strip is not None
    assert strip.label.text() == "The case of sent.karyo is in the library already, as A-1."
    window.cases.actions.delete_case(case_id)
    qtbot.waitUntil(lambda: window.cases.panel.cases() == ())
    with qtbot.waitSignal(window.cases.files.imported) as imported:
        drop(window, path)
    assert imported.args == ["A-1"]
    qtbot.waitUntil(lambda: len(window.cases.panel.cases()) == 1)
    assert window.library.current_case() == window.cases.panel.cases()[0].case.id
    assert window.cases.panel.cases()[0].cells == 2
    assert ask(window.library, lambda library: library.check()) == []


def test_an_anonymous_file_tells_no_names(qtbot: QtBot, filled: Filled, dialog: Find, tmp_path: Path) -> None:
    window, _, _ = filled
    path = exported(qtbot, filled, dialog, tmp_path / "case.karyo", anonymous=True)
    with qtbot.waitSignal(window.cases.files.imported) as imported:
        drop(window, path)  # another case: it can lie beside the first
    assert imported.args[0].startswith("anonymous ")


def test_a_damaged_file_changes_nothing(qtbot: QtBot, filled: Filled, ask: Ask, dialog: Find, tmp_path: Path) -> None:
    window, _, _ = filled
    path = exported(qtbot, filled, dialog, tmp_path / "sent.karyo", anonymous=False)
    path.write_bytes(path.read_bytes()[:-100])
    before = ask(window.library, lambda library: library.cases.find())
    drop(window, path)
    qtbot.waitUntil(lambda: window.messages.shown("failures") is not None)
    strip = window.messages.shown("failures")
    assert strip is not None
    assert strip.label.text() == "sent.karyo is no case file, or was cut short on its way; ask for it again."
    assert ask(window.library, lambda library: library.cases.find()) == before
