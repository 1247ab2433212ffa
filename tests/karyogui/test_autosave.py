"""Work in progress survives: every change reaches the disk, a killed program loses nothing, damage is set aside."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from karyogui.autosave import Shelf
from karyogui.main_window import MainWindow
from karyogui.model.recovery import load_work

DrawFolder = Callable[..., Path]
MakeWindow = Callable[[], MainWindow]
OpenAndWait = Callable[..., None]

KILLED = """
import os, signal, sys
from pathlib import Path
from PySide6.QtCore import QTimer
from karyogui.desktop import make_application
from karyogui.main_window import MainWindow
from karyogui.settings import Folders
from karyogui.session import CellState

app = make_application()
window = MainWindow(Folders.of_user())
window.session.classify_on_open = False
window.show()

changed = []

def change(cell_id):
    entry = window.session.cell(cell_id)
    if entry.state is CellState.NEW and not changed:
        changed.append(cell_id)
        view = window.pages.view()
        view.select_all()
        view.assign_selected("7")
        view.flip_selected()

def die():
    if changed and list(Path(os.environ["KARYOGUI_HOME"]).rglob("work.json")) and not window.desk.kinds():
        os.kill(os.getpid(), signal.SIGKILL)

window.session.cell_changed.connect(change)
timer = QTimer(interval=20)
timer.timeout.connect(die)
timer.start()
window.session.open_paths([Path(sys.argv[1])])
sys.exit(app.exec())
"""


def saved(home: Path) -> list[Path]:
    return sorted(path.parent for path in (home / "data").rglob("work.json"))


def test_each_change_is_saved_and_undone_changes_are_forgotten(
    qtbot: QtBot, window: MainWindow, draw_folder: DrawFolder, open_and_wait: OpenAndWait, home: Path
) -> None:
    open_and_wait(window, draw_folder())
    assert saved(home) == []  # a fresh classification can be made again
    view, entry = window.pages.view(), window.session.cells()[0]
    assert view is not None
    view.select_all()
    view.flip_selected()
    qtbot.waitUntil(lambda: len(saved(home)) == 1)
    qtbot.waitUntil(lambda: load_work(saved(home)[0]).placements == entry.document.placements())
    view.assign_selected("X")
    qtbot.waitUntil(lambda: load_work(saved(home)[0]).placements == entry.document.placements())
    work = load_work(saved(home)[0])
    assert {p.label for p in work.placements} == {"X"}
    assert work.bundle == entry.document.bundle()
    while entry.undo_stack.canUndo():
        entry.undo_stack.undo()
    qtbot.waitUntil(lambda: saved(home) == [])


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no SIGKILL")
def test_a_killed_program_loses_nothing(
    qtbot: QtBot, make_window: MakeWindow, draw_folder: DrawFolder, home: Path
) -> None:
    folder = draw_folder("cell a", 5)
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(folder)], env={**os.environ, "QT_QPA_PLATFORM": "offscreen"}, check=False
    )
    assert killed.returncode == -signal.SIGKILL
    folder.rename(folder.with_name("moved away"))

    window = make_window()
    window.notices.offer_leftovers()
    strip = window.messages.shown("leftovers")
    assert strip is not None
    assert strip.label.text() == "The program was not closed properly. Your work was saved: cell a."
    strip.buttons[0].click()
    entry = window.session.current()
    assert entry is not None
    cell = entry.document.cell()
    assert cell is not None
    assert [c.pixels.shape for c in cell.chromosomes] == [(90 - 6 * n, 30) for n in range(5)]
    assert {(p.label, p.rotation_deg) for p in entry.document.placements()} == {("7", 180.0)}
    assert entry.has_changes()
    # It is this run's work now: saved on, and offered to nobody else.
    assert len(saved(home)) == 1
    assert window.autosave.leftovers() == []


def leave_work(window: MainWindow, qtbot: QtBot, folder: Path, open_and_wait: OpenAndWait) -> None:
    """Change a cell and close the program so that the work is kept."""
    open_and_wait(window, folder)
    view, entry = window.pages.view(), window.session.cells()[0]
    assert view is not None
    view.select_all()
    view.flip_selected()
    window.autosave.keep(entry.id)
    window.session.close_cell(entry.id)
    assert window.close()


def test_damaged_work_is_set_aside_with_one_sentence(
    qtbot: QtBot, make_window: MakeWindow, draw_folder: DrawFolder, open_and_wait: OpenAndWait, home: Path
) -> None:
    leave_work(make_window(), qtbot, draw_folder(), open_and_wait)
    (pixels,) = saved(home)[0].glob("pixels-*.npz")
    pixels.write_bytes(pixels.read_bytes()[:100])
    window = make_window()
    window.notices.offer_leftovers()
    strip = window.messages.shown("leftovers")
    assert strip is not None
    strip.buttons[0].click()
    failure = window.messages.shown("failures")
    assert failure is not None
    assert "cell a is damaged and was set aside" in failure.label.text()
    assert window.session.cells() == ()
    assert window.autosave.leftovers() == []
    assert list((home / "data").rglob("damaged-*/pixels-*.npz")) != []  # set aside, not deleted


def test_discarding_asks_and_deletes(
    qtbot: QtBot, make_window: MakeWindow, draw_folder: DrawFolder, open_and_wait: OpenAndWait, home: Path
) -> None:
    leave_work(make_window(), qtbot, draw_folder(), open_and_wait)
    window = make_window()
    for answer, left in (("Cancel", 1), ("Discard", 0)):
        window.notices.offer_leftovers()
        strip = window.messages.shown("leftovers")
        assert strip is not None
        strip.buttons[1].click()
        box = next(child for child in window.children() if child.objectName() == "discard_dialog" and child.isVisible())
        next(button for button in box.buttons() if button.text() == answer).click()
        assert len(saved(home)) == left


def test_work_put_off_is_offered_again(
    qtbot: QtBot, make_window: MakeWindow, draw_folder: DrawFolder, open_and_wait: OpenAndWait, home: Path
) -> None:
    leave_work(make_window(), qtbot, draw_folder(), open_and_wait)
    second = make_window()
    second.notices.offer_leftovers()
    strip = second.messages.shown("leftovers")
    assert strip is not None
    strip.close_button.click()
    second.close()
    assert len(make_window().autosave.leftovers()) == 1


def test_a_running_programs_work_is_left_alone(tmp_path: Path) -> None:
    first, second = Shelf(tmp_path), Shelf(tmp_path)
    folder = first.cell_folder(1)
    folder.mkdir()
    (folder / "work.json").write_text('{"name": "a"}')
    assert second.leftovers() == []
    first.close()
    (leftover,) = second.leftovers()
    assert (leftover.name, leftover.kept) == ("a", True)
    assert Shelf(tmp_path).leftovers() == []  # the second answers for it now
    second.take(leftover, 5)
    assert (second.own / "5" / "work.json").exists()
    second.close()


def test_a_disk_that_refuses_is_said_once(
    qtbot: QtBot, window: MainWindow, draw_folder: DrawFolder, open_and_wait: OpenAndWait, home: Path
) -> None:
    open_and_wait(window, draw_folder())
    (home / "data").mkdir(parents=True, exist_ok=True)
    (home / "data" / "recovery").write_text("a file is in the way")
    said: list[Any] = []
    window.autosave.failed.connect(said.append)
    view = window.pages.view()
    assert view is not None
    view.select_all()
    view.flip_selected()
    qtbot.waitUntil(lambda: window.messages.shown("autosave") is not None)
    view.assign_selected("3")
    qtbot.waitUntil(lambda: not window.autosave.is_waiting())
    assert len(said) == 1
