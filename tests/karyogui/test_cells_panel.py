"""The list of cells says what each holds, and a click shows it."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from pytestqt.qtbot import QtBot

from karyogui.cells_panel import state_lines
from karyogui.main_window import MainWindow

DrawFolder = Callable[..., Path]


def test_name_state_and_picture(
    qtbot: QtBot, window: MainWindow, draw_folder: DrawFolder, open_and_wait: Callable[..., None]
) -> None:
    open_and_wait(window, draw_folder())
    entry, item = window.session.cells()[0], window.cells.item(window.session.cells()[0].id)
    assert item.text() == "cell a"
    assert state_lines(entry)[1] == "no doubts"
    qtbot.waitUntil(lambda: isinstance(item.data(Qt.ItemDataRole.DecorationRole), QPixmap))
    image = item.data(Qt.ItemDataRole.DecorationRole).toImage()
    shades = {image.pixelColor(x, y).lightness() for x in range(image.width()) for y in range(image.height())}
    assert max(shades) == 255
    assert min(shades) < 150  # the chromosomes are on it
    view = window.pages.view()
    assert view is not None
    view.select_all()
    view.flip_selected()
    assert item.text() == "cell a •"


def test_a_click_shows_the_cell(
    qtbot: QtBot, window: MainWindow, draw_folder: DrawFolder, open_and_wait: Callable[..., None]
) -> None:
    open_and_wait(window, draw_folder("one"), draw_folder("two"))
    second = window.session.cells()[1]
    rect = window.cells.list.visualItemRect(window.cells.item(second.id))
    qtbot.mouseClick(window.cells.list.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
    assert window.session.current() is second
    assert window.windowTitle().startswith("two")


def test_a_cell_that_cannot_be_read_says_why(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    folder = tmp_path / "bad cell"
    folder.mkdir()
    (folder / "a.png").write_bytes(b"no picture")
    window.session.open_paths([folder])
    qtbot.waitUntil(lambda: len(window.session.cells()) == 1 and not window.session.is_busy())
    entry = window.session.cells()[0]
    assert state_lines(entry) == ["cannot be read"]
    assert entry.message
    assert entry.message in window.cells.item(entry.id).toolTip()
    window.actions_["close_cell"].trigger()
    assert window.session.cells() == ()
