"""Exports of karyograms stand in the trail."""

from pathlib import Path
from typing import Any

from pytestqt.qtbot import QtBot

from karyogui.export.options import ExportOptions

Desk = Any


def test_an_exported_karyogram_of_a_case_is_noted(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    window = desk.window
    window.library.show_cell(desk.cell_id)
    entry = window.session.current()
    qtbot.waitUntil(entry.is_ready)
    with qtbot.waitSignal(window.library.case_changed) as changed:
        window.exporting.export(entry, tmp_path / "k.png", ExportOptions(format="png"))
    assert changed.args == [desk.case_id]
    last = desk.asked(lambda library: library.cases.trail(desk.case_id))[-1]
    assert (last.action, last.user, last.cell) == ("exported", "Ann", "cell 1")
    assert last.facts() == {"kind": "karyogram", "file": "k.png"}


def test_that_of_a_cell_in_no_case_is_not(qtbot: QtBot, desk: Desk, draw_folder: Any, tmp_path: Path) -> None:
    window = desk.window
    window.session.open_paths([draw_folder()])
    qtbot.waitUntil(lambda: window.session.current() is not None and not window.session.is_busy())
    before = len(desk.asked(lambda library: library.cases.trail(desk.case_id)))
    with qtbot.waitSignal(window.exporting.exported):
        window.exporting.export(window.session.current(), tmp_path / "k.png", ExportOptions(format="png"))
    assert len(desk.asked(lambda library: library.cases.trail(desk.case_id))) == before
