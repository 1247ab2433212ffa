"""The shelf of models by mouse: notes, export and import, deletion that asks and never touches what is in use."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox

from engine.bundle import Bundle, load_bundle, user_bundle_folder, write_bundle
from engine.promotion import note_of


def rows(hand: Any) -> list[str]:
    return [row.name for row in hand.course.models.rows]


def test_a_model_is_exported_deleted_and_imported_again(hand: Any, pupil: Bundle, tmp_path: Path) -> None:
    write_bundle(pupil.card, pupil.networks, user_bundle_folder() / "pupil")
    shelf = hand.tab.decide.shelf
    hand.page(hand.tab.decide)
    hand.course.models.refresh()
    hand.wait(lambda: "pupil" in rows(hand))

    shelf.choose("confused")
    assert not shelf.delete.isEnabled()  # it is in use
    shelf.choose("g-default")
    assert not shelf.delete.isEnabled()  # it comes with the program
    assert "Trained on gband_passau (18241 chromosomes)" in shelf.facts.text()

    shelf.choose("pupil")
    hand.click(shelf.export)
    hand.answer_file_dialog("export_model_dialog", tmp_path / "ours.kbundle")
    hand.wait(lambda: "Written: ours.kbundle" in hand.tab.line.text())
    hand.click(shelf.delete)
    ask = shelf.findChild(QMessageBox, "delete_model_dialog")
    hand.qtbot.keyClick(ask, Qt.Key.Key_Escape)
    assert (user_bundle_folder() / "pupil").is_dir()
    hand.wait(lambda: not shelf.findChildren(QMessageBox, "delete_model_dialog"))
    hand.click(shelf.delete)
    ask = shelf.findChild(QMessageBox, "delete_model_dialog")
    (delete,) = [b for b in ask.buttons() if ask.buttonRole(b) is QMessageBox.ButtonRole.DestructiveRole]
    hand.qtbot.mouseClick(delete, Qt.MouseButton.LeftButton)
    hand.wait(lambda: "pupil" not in rows(hand))
    assert not (user_bundle_folder() / "pupil").exists()

    hand.click(shelf.import_)
    hand.answer_file_dialog("import_model_dialog", tmp_path / "ours.kbundle")
    hand.wait(lambda: "pupil" in rows(hand))
    assert load_bundle("pupil").networks["classifier"].weights == pupil.networks["classifier"].weights
    assert "it is used when you choose it" in hand.tab.line.text()


def test_a_note_is_kept(hand: Any) -> None:
    shelf = hand.tab.decide.shelf
    hand.page(hand.tab.decide)
    hand.wait(lambda: "confused" in rows(hand))
    shelf.choose("confused")
    hand.type_into(shelf.note, "takes 4 for 5")
    hand.qtbot.keyClick(shelf.note, Qt.Key.Key_Return)
    hand.wait(lambda: any(row.note == "takes 4 for 5" for row in hand.course.models.rows))
    assert note_of("confused") == "takes 4 for 5"
    assert shelf.note.text() == "takes 4 for 5"
