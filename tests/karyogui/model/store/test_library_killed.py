"""Killed at any moment, the library is whole and has lost at most the gesture that was under way.

75 kills, beside the 25 of the whole program in `tests/karyogui/library/test_feature_killed.py`;
`KARYOGUI_KILLS=1000 pytest tests/karyogui/model/store/test_library_killed.py` for more rounds.
"""

import math
import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from engine.types import CellResult
from karyogui.model.cell import Cell
from karyogui.model.store.casefile import export_case
from karyogui.model.store.library import Library

ROUNDS = 25
"""Kills of one test: few enough that no watchdog takes it for stuck."""

TESTS = math.ceil(int(os.environ.get("KARYOGUI_KILLS", "75")) / ROUNDS)
LONGEST_LIFE = 1.0  # seconds of work before the end


@contextmanager
def worker(library: Path, case_file: Path) -> Iterator[Callable[[int, float], list[str]]]:
    """A function that lets a program work with a seed, kills it after some time and returns what it said."""
    child = Path(__file__).with_name("editing_child.py")
    command = [sys.executable, str(child), str(library), str(case_file)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        source, sink = process.stdout, process.stdin

        def run_until_killed(seed: int, life: float) -> list[str]:
            sink.write(f"{seed}\n")
            pid = int(source.readline().split()[1])
            first = source.readline()  # it works: from here on any moment is as good as another
            timer = threading.Timer(life, os.kill, (pid, signal.SIGKILL))
            timer.start()
            said = [first]
            while not said[-1].startswith("ended"):
                said.append(source.readline())
            timer.join()
            assert said[-1] == f"ended {-signal.SIGKILL}\n"
            return [line.rstrip() for line in said[:-1]]

        yield run_until_killed
        sink.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork and no SIGKILL")
@pytest.mark.parametrize("number", range(TESTS))
def test_library_killed_at_random_moments(
    number: int, tmp_path: Path, file_library: Library, draw: Callable[..., tuple[Cell, CellResult]]
) -> None:
    cell, _ = draw(["1", "1", "21", "X", "Y", None])
    file = tmp_path / "sent.karyo"
    sent = file_library.cases.create("sent", "parent")
    file_library.cells.add(sent.id, cell, "parent")
    export_case(file_library, sent.id, file, "parent")
    file_library.cases.delete(sent.id, "parent")
    edited = file_library.cases.create("edited", "parent")
    file_library.cells.add(edited.id, cell, "parent")
    file_library.close()
    path = tmp_path / "library.sqlite"
    chance = random.Random(number)
    gestures = lost = 0
    with worker(path, file) as run_until_killed:
        for seed in range(number * ROUNDS, (number + 1) * ROUNDS):
            said = run_until_killed(seed, chance.uniform(0.0, LONGEST_LIFE))
            library = Library.open(path)
            assert library.check() == []
            kept = library.cases.trail(edited.id)
            # A gesture of the case is a line of its trail: number n was said to be done, so line n is there.
            done = [int(line.split()[1]) for line in said if line.startswith("done") and "imported" not in line]
            begun = [int(line.split()[1]) for line in said if line.startswith("try") and "imported" not in line]
            gestures += len(done)
            lost += len(begun) - len(done)
            if done:
                assert len(kept) >= done[-1]
            if begun:
                assert len(kept) in (begun[-1] - 1, begun[-1])
            for summary in library.cases.find():  # what was being imported is all there, or not at all
                if summary.case.code.startswith("imported"):
                    (record,) = library.cells.records(summary.case.id)
                    assert len(library.cells.load(record.id).cell.chromosomes) == 6
                    library.cases.delete(summary.case.id, "parent")
            for record in library.cells.records(edited.id):
                stored = library.cells.load(record.id)
                assert len(stored.placements) == len(stored.cell.chromosomes) == 6
            library.close()
    assert gestures >= ROUNDS
    assert lost <= ROUNDS
    assert library.check() == []
    sys.stdout.write(f"{ROUNDS} kills, {gestures} gestures kept, {lost} under way when it was killed\n")
