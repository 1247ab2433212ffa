"""The program itself, at work until it is killed; run by `test_feature_killed.py`. It says each gesture it stored.

    python program_child.py FOLDER_OF_A_CELL

For each line `SEED HOME` it reads it forks a process that opens the window on the library in HOME, edits its cells with
real commands, and imports copies of the folder. Lines on standard output: `pid N`, then `try N CELL DIGEST` before a
gesture is done, `done N CELL DIGEST` after the library has it, `ended STATUS`.
"""

import os
import random
import shutil
import sys
import traceback
import zlib
from functools import partial
from pathlib import Path

from PySide6.QtCore import QTimer

from karyogui.desktop import make_application
from karyogui.editor import commands
from karyogui.jobs.tasks import Tasks
from karyogui.main_window import MainWindow
from karyogui.model.karyogram import Placement
from karyogui.settings import Folders


def say(text: str) -> None:
    os.write(1, f"{text}\n".encode())  # at once and whole, or not at all


def digest(placements: tuple[Placement, ...]) -> int:
    return zlib.crc32(repr(sorted(placements, key=lambda p: p.chromosome_id)).encode())


class Worker:
    """Makes one gesture after the other; the next one once the library has the last."""

    def __init__(self, window: MainWindow, folder: Path, seed: int) -> None:
        self.window, self.folder, self.chance = window, folder, random.Random(seed)
        self.number, self.last, self.copies = 0, "", 0
        window.session.classify_on_open = False
        window.library.cell_saved.connect(lambda _cell: self.stored())
        window.cases.importing.added.connect(lambda _cell: self.stored())
        self.timer = QTimer(window, interval=5)
        self.timer.timeout.connect(self.begin)
        self.timer.start()

    def begin(self) -> None:
        """Wait for the library, then for the first cell."""
        entry, link = self.window.session.current(), self.window.library
        if entry is None and link.is_open() and self.window.cases.panel.cases():
            link.run("first", lambda library, _r: library.cells.records(1)[0].id, on_success=link.show_cell)
        if entry is not None and entry.is_ready():
            self.timer.stop()
            self.gesture()

    def stored(self) -> None:
        say(f"done {self.last}")
        QTimer.singleShot(self.chance.randrange(12), self.window, self.gesture)

    def gesture(self) -> None:
        entry = self.window.session.current()
        assert entry is not None
        if not entry.is_ready() or self.window.library.store_cell(entry.id) is None:
            QTimer.singleShot(5, self.window, self.gesture)
            return
        self.number += 1
        if self.chance.random() < 0.1:
            self.copies += 1
            copy = self.folder.parent / f"{os.getpid()} {self.copies}"
            shutil.copytree(self.folder, copy)
            self.last = f"{self.number} 0 0"
            say(f"try {self.last}")
            self.window.cases.take([copy], 1)
            return
        cell_id, document, stack = self.window.library.store_cell(entry.id), entry.document, entry.undo_stack
        step = self.chance.random()
        if step < 0.2 and stack.canUndo():
            act, values = stack.undo, self.edit(stack.command(stack.index() - 1)).before()
        elif step < 0.3 and stack.canRedo():
            act, values = stack.redo, self.edit(stack.command(stack.index())).after()
        else:
            number = self.chance.randrange(len(document.placements()))
            chromosome = document.placements()[number].chromosome_id
            places = [place for place in ("1", "2", "X", None) if place != document.placement(chromosome).label]
            command = commands.move(document, {chromosome}, self.chance.choice(places))
            act, values = partial(commands.push, stack, command), command.after()
        changed = {p.chromosome_id: p for p in values}
        after = tuple(changed.get(p.chromosome_id, p) for p in document.placements())
        self.last = f"{self.number} {cell_id} {digest(after)}"
        say(f"try {self.last}")
        act()

    def edit(self, command: object) -> commands.EditPlacements:
        assert isinstance(command, commands.EditPlacements)
        return command


def work(folder: Path, seed: int, home: str) -> None:
    os.environ["KARYOGUI_HOME"] = home
    app = make_application()
    window = MainWindow(Folders.of_user(), tasks=Tasks())
    window.show()
    Worker(window, folder, seed)
    app.exec()


def main(folder: Path) -> None:
    for line in sys.stdin:
        seed, home = line.rstrip("\n").split(" ", 1)
        pid = os.fork()
        if pid == 0:
            try:
                say(f"pid {os.getpid()}")
                work(folder, int(seed), home)
            except BaseException:
                traceback.print_exc()
            os._exit(1)
        _, status = os.waitpid(pid, 0)
        say(f"ended {os.waitstatus_to_exitcode(status)}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
