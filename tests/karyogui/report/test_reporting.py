"""From the menu to the file and the trail, in the real window."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from pytestqt.qtbot import QtBot

from karyogui.model.store.library import Library
from karyogui.model.store.values import State
from karyogui.report.window import ReportWindow

Office = Any
REASON = "cell 6: not marked as reviewed."


def finish_review(library: Library) -> int:
    """Mark the last cell as reviewed."""
    (cell,) = [r for s in library.cases.find() for r in library.cells.records(s.case.id) if r.state is State.IN_REVIEW]
    library.cells.set_state(cell.id, State.REVIEWED, "Ann")
    return cell.case_id


def seen(qtbot: QtBot, report: ReportWindow) -> None:
    """Wait for the preview."""
    qtbot.waitUntil(lambda: len(report.pages.pages) > 2)


def lines(report: ReportWindow) -> list[str]:
    return [report.lock.list.item(row).text() for row in range(report.lock.list.count())]


def test_without_a_case_there_is_no_report(office: Office) -> None:
    office.window.library.open_case(None)
    assert not office.window.actions_["report"].isEnabled()
    office.window.reporting.show()
    assert office.window.reporting.window is None


def test_a_locked_report_says_why_and_shows_a_draft(qtbot: QtBot, office: Office, tmp_path: Path) -> None:
    report = office.open()
    seen(qtbot, report)
    assert lines(report) == [REASON]
    assert report.windowTitle() == "Report of B26-1 Müller"
    assert not report.write.isEnabled()
    qtbot.mouseClick(report.write, Qt.MouseButton.LeftButton)
    office.window.reporting.write()
    assert list(tmp_path.glob("*.pdf")) == []


def test_a_click_goes_to_what_is_left_to_do(qtbot: QtBot, office: Office) -> None:
    report = office.open()
    qtbot.waitUntil(lambda: lines(report) == [REASON])
    place = report.lock.list.visualItemRect(report.lock.list.item(0)).center()
    qtbot.mouseClick(report.lock.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.waitUntil(lambda: office.window.session.current() is not None)
    qtbot.waitUntil(office.window.session.current().is_ready)
    assert office.window.session.current().name == "cell 6"


def test_the_report_follows_the_case_and_is_written_and_noted(qtbot: QtBot, office: Office, tmp_path: Path) -> None:
    report, link = office.open(), office.window.library
    qtbot.waitUntil(lambda: lines(report) == [REASON])
    link.change("Review", finish_review, case_id=office.case_id)
    qtbot.waitUntil(report.write.isEnabled)
    assert lines(report) == []
    path = tmp_path / "B26-1 Müller report.pdf"
    assert report.path() == path
    with qtbot.waitSignal(office.window.reporting.exported):
        qtbot.mouseClick(report.write, Qt.MouseButton.LeftButton)
    text = " ".join(" ".join(page.extract_text().split()) for page in PdfReader(path).pages)
    assert "47,XX,+8[2]/46,XX[4]" in text
    assert "DRAFT" not in text
    (entry,) = [e for e in office.asked(lambda library: library.cases.trail(office.case_id)) if e.action == "exported"]
    facts = entry.facts()
    assert (entry.user, facts["kind"], facts["file"], facts["template"]) == ("Bo", "report", path.name, "shipped")
    assert facts["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert facts["karyograms"] == ["cell 1", "cell 3"]
    assert "B26-1 Müller report.pdf" in office.window.messages.shown("exported").label.text()


def test_what_changed_since_the_window_last_looked_locks_it(qtbot: QtBot, office: Office, tmp_path: Path) -> None:
    report = office.open()
    office.window.library.change("Review", finish_review, case_id=office.case_id)
    qtbot.waitUntil(report.write.isEnabled)

    def reopen(library: Library) -> None:  # nobody tells the window
        library.cells.set_state(library.cells.records(office.case_id)[0].id, State.IN_REVIEW, "Cy")

    office.asked(reopen)
    qtbot.mouseClick(report.write, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: lines(report) == ["cell 1: not marked as reviewed."])
    assert list(tmp_path.glob("*.pdf")) == []
    assert report.progress.isHidden()


def test_approval_is_asked_for_where_the_setting_says_so(qtbot: QtBot, office: Office) -> None:
    report = office.open()
    office.window.library.change("Review", finish_review, case_id=office.case_id)
    qtbot.waitUntil(report.write.isEnabled)
    qtbot.mouseClick(report.approved_only, Qt.MouseButton.LeftButton, pos=report.approved_only.rect().center() / 8)
    report.approved_only.setChecked(True)
    assert not report.write.isEnabled()
    assert lines(report) == [f"cell {n}: not approved." for n in range(1, 7)]
    report.close()
    assert office.open().approved_only.isChecked()  # remembered


def test_texts_are_kept_in_the_case(qtbot: QtBot, office: Office) -> None:
    report = office.open()
    qtbot.waitUntil(lambda: report.method.toPlainText() == "24 h culture")
    qtbot.keyClicks(report.comment, "A clone was found.")
    qtbot.keyClick(report.comment, Qt.Key.Key_Escape)  # closes the window, and keeps what was written
    assert office.window.reporting.window is None
    specimen = office.asked(lambda library: library.cases.get(office.case_id)).specimen
    assert (specimen["Comment"], specimen["Method"]) == ("A clone was found.", "24 h culture")
    again = office.open()
    qtbot.waitUntil(lambda: again.comment.toPlainText() == "A clone was found.")


def test_a_change_of_the_case_leaves_what_she_is_writing(qtbot: QtBot, office: Office) -> None:
    report = office.open()
    seen(qtbot, report)
    qtbot.keyClicks(report.comment, "half a sent")
    item = report.clones.topLevelItem(0).child(1)
    item.setCheckState(0, Qt.CheckState.Checked)
    ticked = report.clones.cells()
    assert len(ticked) == 3
    office.window.library.change("Review", finish_review, case_id=office.case_id)
    qtbot.waitUntil(lambda: lines(report) == [])
    assert report.comment.toPlainText() == "half a sent"
    assert report.clones.cells() == ticked


def test_a_broken_template_is_told_and_the_shipped_one_goes_on(
    qtbot: QtBot, office: Office, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", shown.append)
    report = office.open()
    seen(qtbot, report)
    qtbot.mouseClick(report.edit_template, Qt.MouseButton.LeftButton)
    own = home / "config" / "report" / "report.html"
    assert own.is_file()
    assert [url.toLocalFile() for url in shown] == [str(own.parent)]
    assert report.template.currentText() == "report.html"
    own.write_text("<p>\n{{ karyotipe }}")
    report.options_changed.emit()
    qtbot.waitUntil(lambda: "line 2: 'karyotipe' is undefined" in report.pages.message.text())
    qtbot.keyClick(report.template, Qt.Key.Key_Up)
    assert report.template.currentText() == "Shipped with the program"
    seen(qtbot, report)


def test_html_is_one_file(qtbot: QtBot, office: Office, tmp_path: Path) -> None:
    report = office.open()
    office.window.library.change("Review", finish_review, case_id=office.case_id)
    qtbot.waitUntil(report.write.isEnabled)
    qtbot.keyClick(report.format, Qt.Key.Key_Down)
    assert report.path().suffix == ".html"
    with qtbot.waitSignal(office.window.reporting.exported):
        qtbot.mouseClick(report.write, Qt.MouseButton.LeftButton)
    assert "data:image/svg+xml" in report.path().read_text("utf-8")


def test_writing_can_be_cancelled(qtbot: QtBot, office: Office, tmp_path: Path) -> None:
    report = office.open()
    office.window.library.change("Review", finish_review, case_id=office.case_id)
    qtbot.waitUntil(report.write.isEnabled)
    qtbot.mouseClick(report.write, Qt.MouseButton.LeftButton)
    assert report.cancel.isVisible()
    qtbot.mouseClick(report.cancel, Qt.MouseButton.LeftButton)
    assert report.cancel.isHidden()
    assert report.write.isEnabled()
    qtbot.waitUntil(lambda: not office.window.desk.kinds())
    assert list(tmp_path.glob("*.pdf")) == []
    assert "exported" not in [e.action for e in office.asked(lambda library: library.cases.trail(office.case_id))]


def test_a_file_that_cannot_be_written_is_told(
    qtbot: QtBot, office: Office, tmp_path: Path, dialog: Callable[..., Any]
) -> None:
    report = office.open()
    office.window.library.change("Review", finish_review, case_id=office.case_id)
    qtbot.waitUntil(report.write.isEnabled)
    report.file.setText(str(tmp_path / "gone" / "report"))
    with qtbot.waitSignal(office.window.reporting.failed) as failed:
        qtbot.mouseClick(report.write, Qt.MouseButton.LeftButton)
    assert "does not exist" in str(failed.args[1])
    assert report.write.isEnabled()


def test_closing_the_program_keeps_what_was_written(qtbot: QtBot, office: Office, home: Path) -> None:
    report = office.open()
    qtbot.waitUntil(lambda: report.method.toPlainText() == "24 h culture")
    qtbot.keyClicks(report.comment, "At the last moment.")
    office.window.close()
    library = Library.open(home / "data" / "library.sqlite")
    assert library.cases.get(office.case_id).specimen["Comment"] == "At the last moment."
    library.close()


def test_another_case_opens_its_own_report(qtbot: QtBot, office: Office) -> None:
    first = office.open()
    seen(qtbot, first)
    other = office.asked(lambda library: library.cases.create("B26-2", "Bo").id)
    office.window.library.open_case(other)
    second = office.open()
    assert second is not first
    qtbot.waitUntil(lambda: lines(second) == ["No cell of the case has a chromosome in its place yet."])
    assert second.windowTitle() == "Report of B26-2"
