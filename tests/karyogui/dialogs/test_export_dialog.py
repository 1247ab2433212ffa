"""The export dialog asks and answers; it writes nothing."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from karyogui.dialogs.export_dialog import ExportDialog
from karyogui.document import KaryogramDocument
from karyogui.export.content import content_of
from karyogui.export.options import ExportOptions

# The offscreen platform has no window manager to tell the dialog's least size.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)

Ask = Callable[[ExportOptions], ExportDialog]


@pytest.fixture
def ask(qtbot: QtBot, open_cell: Callable[..., KaryogramDocument], tmp_path: Path) -> Ask:
    """Return a function that shows the dialog for a drawn cell."""

    def asked(options: ExportOptions) -> ExportDialog:
        dialog = ExportDialog(options, tmp_path, "case 1/cell 2", content=content_of(open_cell()))
        qtbot.addWidget(dialog)
        dialog.show()
        return dialog

    return asked


@pytest.mark.parametrize(
    "options",
    [
        ExportOptions(),
        ExportOptions(format="pdf", page="Letter", header=False),
        ExportOptions(format="tiff", dpi=600, inverted=True),
        ExportOptions(format="csv"),
    ],
)
def test_it_opens_with_what_was_chosen_last(ask: Ask, options: ExportOptions) -> None:
    assert ask(options).options() == options


def test_the_pixels_follow_the_dpi(ask: Ask, qtbot: QtBot) -> None:
    dialog = ask(ExportOptions(dpi=100))
    width = int(dialog.size_note.text().split()[0])
    dialog.dpi.selectAll()
    qtbot.keyClicks(dialog.dpi, "300")
    assert dialog.options().dpi == 300
    assert int(dialog.size_note.text().split()[0]) == pytest.approx(3 * width, abs=2)


def test_only_what_matters_for_the_format_is_asked(ask: Ask, qtbot: QtBot) -> None:
    dialog = ask(ExportOptions())

    def asked() -> tuple[bool, bool, bool]:
        return dialog.dpi.isVisible(), dialog.page.isVisible(), dialog.header.isVisible()

    assert asked() == (True, False, True)
    qtbot.keyClick(dialog.format, Qt.Key.Key_Down)
    qtbot.keyClick(dialog.format, Qt.Key.Key_Down)
    assert dialog.options().format == "pdf"
    assert asked() == (False, True, True)
    qtbot.keyClick(dialog.format, Qt.Key.Key_End)
    assert dialog.options().format == "json"
    assert asked() == (False, False, False)
    assert "one line for each chromosome" in dialog.preview.text()


def test_the_suffix_follows_the_format_and_the_name_is_one_file(ask: Ask, qtbot: QtBot, tmp_path: Path) -> None:
    dialog = ask(ExportOptions())
    assert dialog.path() == tmp_path / "case 1_cell 2.png"
    qtbot.keyClick(dialog.format, Qt.Key.Key_Down)
    assert dialog.path() == tmp_path / "case 1_cell 2.tiff"
    dialog.file.selectAll()
    qtbot.keyClicks(dialog.file, str(tmp_path / "mine"))
    assert dialog.path() == tmp_path / "mine.tiff"


def test_a_file_that_will_be_replaced_is_announced(ask: Ask, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "old.png").touch()
    dialog = ask(ExportOptions())
    assert dialog.export_button.text() == "Export"
    dialog.file.selectAll()
    qtbot.keyClicks(dialog.file, str(tmp_path / "old.png"))
    assert dialog.export_button.text() == "Replace"
    dialog.file.selectAll()
    qtbot.keyClick(dialog.file, Qt.Key.Key_Delete)
    assert not dialog.export_button.isEnabled()
    qtbot.keyClicks(dialog.file, "/")  # a folder without a name
    assert not dialog.export_button.isEnabled()


def test_the_preview_changes_with_the_choice(ask: Ask, qtbot: QtBot) -> None:
    dialog = ask(ExportOptions())
    before = dialog.preview.pixmap().toImage()
    qtbot.mouseClick(dialog.inverted, Qt.MouseButton.LeftButton, pos=QPoint(8, dialog.inverted.height() // 2))
    assert dialog.options().inverted
    assert dialog.preview.pixmap().toImage() != before
    assert dialog.preview.pixmap().deviceIndependentSize().width() <= dialog.preview.width()


def test_export_answers_and_writes_nothing(ask: Ask, qtbot: QtBot, tmp_path: Path) -> None:
    dialog = ask(ExportOptions())
    with qtbot.waitSignal(dialog.accepted):
        qtbot.mouseClick(dialog.export_button, Qt.MouseButton.LeftButton)
    assert not list(tmp_path.rglob("*.png"))


def test_without_content_it_asks_the_same_and_shows_no_preview(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = ExportDialog(ExportOptions(), tmp_path, "cell")
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.options() == ExportOptions()
    assert not dialog.preview.isVisible()
    assert not dialog.size_note.isVisible()
