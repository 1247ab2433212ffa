"""The program killed at any moment of editing and importing: the library is whole, and lacks at most the last gesture.

The store alone is killed more often, in `tests/karyogui/model/store/test_library_killed.py`.
"""

import os
import random
import signal
import subprocess
import sys
import threading
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from karyogui.model.cell import Cell
from karyogui.model.karyogram import Placement, unplaced
from karyogui.model.store.library import Library

ROUNDS = 25
SHORTEST_LIFE, LONGEST_LIFE = 0.02, 0.6  # seconds of work before the end
"""Beginning with the first gesture: the start of the program takes far longer than one."""


def digest(placements: tuple[Placement, ...]) -> int:
    return zlib.crc32(repr(sorted(placements, key=lambda p: p.chromosome_id)).encode())


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork and no SIGKILL")
def test_the_program_killed_at_random_moments(
    home: Path, tmp_path: Path, draw: Callable[..., Cell], draw_folder: Callable[..., Path]
) -> None:
    file = home / "data" / "library.sqlite"
    library = Library.open(file)
    case = library.cases.create("edited", "parent")
    library.cells.add(case.id, draw(), "parent")
    library.close()
    command = [sys.executable, str(Path(__file__).with_name("program_child.py")), str(draw_folder("to import"))]
    chance, gestures, lost = random.Random(7), 0, 0
    known: dict[str, str] = {}  # cell -> how its placements were after the last kill
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for seed in range(ROUNDS):
            library = Library.open(file)
            before = len(library.cases.trail(case.id))
            library.close()
            process.stdin.write(f"{seed} {home}\n")
            pid = int(process.stdout.readline().split()[1])
            said = [process.stdout.readline()]  # the first gesture is about to be made
            assert said[0].startswith("try"), said
            timer = threading.Timer(chance.uniform(SHORTEST_LIFE, LONGEST_LIFE), os.kill, (pid, signal.SIGKILL))
            timer.start()
            while not said[-1].startswith("ended"):
                said.append(process.stdout.readline())
            timer.join()
            assert said.pop() == f"ended {-signal.SIGKILL}\n"
            tries = [line.split()[1:] for line in said if line.startswith("try")]
            done = [line.split()[1:] for line in said if line.startswith("done")]
            gestures, lost = gestures + len(done), lost + len(tries) - len(done)

            library = Library.open(file)
            assert library.check() == []
            assert len(library.cases.trail(case.id)) - before in (len(tries) - 1, len(tries))
            assert len(library.cases.trail(case.id)) - before >= len(done)
            last_done = {cell: mark for _, cell, mark in done if cell != "0"}
            for record in library.cells.records(case.id):
                stored, cell = library.cells.load(record.id), str(record.id)
                assert len(stored.placements) == len(stored.cell.chromosomes) == 6
                first = known.get(cell, str(digest(unplaced(stored.cell))))
                may_be = {last_done.get(cell, first), *(mark for _, c, mark in tries[-1:] if c == cell)}
                known[cell] = str(digest(stored.placements))
                assert known[cell] in may_be
            library.close()
        process.stdin.close()
    assert gestures >= ROUNDS
    assert lost <= ROUNDS
    sys.stdout.write(f"{ROUNDS} kills, {gestures} gestures kept, {lost} under way when it was killed\n")
