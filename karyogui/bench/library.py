"""How soon a large library answers: `python -m karyogui.bench.library [--cases 1000] [--cells 20]`.

Fills a library with copies of one drawn cell, opens the window on it, and measures from the wish to the row on screen.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer

from engine.progress import SilentReporter
from engine.types import CLASS_LABELS
from karyogui.desktop import make_application
from karyogui.jobs.tasks import Tasks
from karyogui.main_window import MainWindow
from karyogui.model import karyogram
from karyogui.model.karyogram import Placement, unplaced
from karyogui.samples import sample_path
from karyogui.settings import Folders
from karyogui.system_libraries import draw_off_screen

_LONGEST_S = 120.0


def wait_for(there: Callable[[], bool]) -> float:
    """Turn the event loop until something is there; return the seconds it took."""
    start = time.perf_counter()
    loop = QEventLoop()
    timer = QTimer(interval=1)
    timer.timeout.connect(lambda: loop.quit() if there() or time.perf_counter() - start > _LONGEST_S else None)
    timer.start()
    loop.exec()
    if not there():
        raise TimeoutError("the window did not answer")
    return time.perf_counter() - start


def measure(cases: int, cells: int, rounds: int) -> dict[str, list[float]]:
    """Return seconds by what was measured."""
    from karyogui.model.store.library import Library
    from karyogui.model.store.simulated import fill

    folders, tasks = Folders.of_user(), Tasks()
    (source,) = tasks.find_cells([sample_path("46,XX")])(SilentReporter())
    cell = tasks.read_cell(source)(SilentReporter())
    placements: tuple[Placement, ...] = unplaced(cell)
    for number, chromosome in enumerate(cell.chromosomes):
        changed = {p.chromosome_id: p for p in karyogram.move(placements, {chromosome.id}, CLASS_LABELS[number // 2])}
        placements = tuple(changed.get(p.chromosome_id, p) for p in placements)
    library = Library.open(folders.library_file)
    made = fill(library, cell, placements, cases=cases, cells=cells, with_pixels=rounds)
    library.close()

    found: dict[str, list[float]] = {"list of all cases": [], "cells of a case": [], "a cell, shown": []}
    window = MainWindow(folders)
    window.session.classify_on_open = False
    window.show()
    panel = window.cases.panel
    found["start: library opened and listed"] = [wait_for(lambda: len(panel.cases()) == cases)]
    for case_id in made[-rounds:]:
        listed: list[object] = []
        panel.listed.connect(listed.append)
        panel.refresh()
        found["list of all cases"].append(wait_for(lambda listed=listed: bool(listed)))  # type: ignore[misc]
        panel.listed.disconnect(listed.append)
        window.library.open_case(case_id)
        found["cells of a case"].append(wait_for(lambda case=case_id: len(panel.cells_of(case)) == cells))  # type: ignore[misc]
        first = panel.cells_of(case_id)[0]
        window.library.show_cell(first)
        entry = window.session.current()
        found["a cell, shown"].append(wait_for(lambda entry=entry: entry is not None and entry.is_ready()))  # type: ignore[misc]
    window.close()
    return found


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print medians."""
    parser = argparse.ArgumentParser(prog="python -m karyogui.bench.library", description=__doc__)
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--cells", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=7)
    arguments = parser.parse_args(argv)
    draw_off_screen()
    with tempfile.TemporaryDirectory() as home:
        os.environ["KARYOGUI_HOME"] = home
        make_application()
        found = measure(arguments.cases, arguments.cells, arguments.rounds)
        size = (Path(home) / "data" / "library.sqlite").stat().st_size
    sys.stdout.write(f"{arguments.cases} cases of {arguments.cells} cells, {size >> 20} MiB; median (least to most)\n")
    for name, seconds in found.items():
        line = f"{name:<34} {statistics.median(seconds):6.3f} s   ({min(seconds):.3f} to {max(seconds):.3f})"
        sys.stdout.write(f"{line}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
