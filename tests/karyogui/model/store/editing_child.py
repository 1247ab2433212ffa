"""A program that edits and imports until it is killed, run by `test_library_killed.py`; it says each gesture it kept.

    python editing_child.py LIBRARY CASE_FILE

For each seed it reads it forks a process that works, so that Python is started once and not a hundred times. Lines on
standard output: `pid N`, then `try TEXT` before a gesture, `done TEXT` after its transaction, `ended STATUS`.
"""

import os
import random
import sys
import traceback
from pathlib import Path

import numpy as np

from karyogui.model import karyogram
from karyogui.model.cell import Cell, Chromosome
from karyogui.model.store.casefile import import_case
from karyogui.model.store.library import Library
from karyogui.model.store.values import SheetEntry


def say(word: str, text: str) -> None:
    os.write(1, f"{word} {text}\n".encode())  # at once and whole, or not at all


def drawn(rng: np.random.Generator) -> Cell:
    chromosomes = tuple(
        Chromosome(n, f"{n}.png", pixels := rng.random((20, 8), dtype=np.float32), pixels > 0.2) for n in range(6)
    )
    return Cell("cell", "g", chromosomes)


def work(library: Library, case_file: Path, seed: int) -> None:
    chance = random.Random(seed)
    pixels = np.random.default_rng(seed)
    (case,) = [summary.case for summary in library.cases.find() if summary.case.code == "edited"]
    cell_ids = [record.id for record in library.cells.records(case.id)]
    number = len(library.cases.trail(case.id))
    while True:
        number += 1
        kind = chance.choices(["move", "sheet", "add", "import"], [12, 4, 1, 2])[0]
        if kind == "import":
            code = f"imported {seed} {number}"
            say("try", code)
            made = import_case(library, case_file, "child", code=code)
            say("done", code)
            library.cases.delete(made.id, "child")  # the file's case can be in the library once
            number -= 1
            continue
        say("try", str(number))
        if kind == "add":
            cell_ids.append(library.cells.add(case.id, drawn(pixels), "child").id)
        elif kind == "sheet":
            record = library.cells.record(chance.choice(cell_ids))
            library.cells.save_sheet(record.id, SheetEntry(note=f"{seed} {number}"), "child")
        else:
            stored = library.cells.load(chance.choice(cell_ids))
            moved = chance.randrange(6)
            places = ["1", "2", "X", None]
            places.remove(next(p.label for p in stored.placements if p.chromosome_id == moved))
            after = karyogram.move(stored.placements, {moved}, chance.choice(places))
            library.cells.save_placements(stored.record.id, after, "child", f"gesture {number}")
        say("done", str(number))


def main(library: Path, case_file: Path) -> None:
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            try:
                say("pid", str(os.getpid()))
                work(Library.open(library), case_file, int(line))
            except BaseException:
                traceback.print_exc()
            os._exit(1)
        _, status = os.waitpid(pid, 0)
        say("ended", str(os.waitstatus_to_exitcode(status)))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
