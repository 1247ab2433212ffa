"""Work that is in no library is saved as it happens, and found again after a crash.

The library keeps what belongs to a case. What is left for this shelf: cells looked at without one (the drawn samples),
and changes that a library cannot take because its disk is full or its server is away; a crash meanwhile must not cost
them.
"""

import logging
import shutil
import uuid
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QLockFile, QObject, QTimer, Signal

from engine.progress import Reporter
from karyogui.document import DocumentState
from karyogui.jobs.desk import JobDesk
from karyogui.model.recovery import WORK_FILE, RecoveryError, Work, cell_name, load_work, save_work
from karyogui.session import OpenCell, Session

logger = logging.getLogger(__name__)

DELAY_MS = 400
"""Between a change and its saving: a gesture that makes several changes is saved once."""

_KEPT = "kept"  # a file of this name: the program was closed properly and the user wanted to go on later
_LOCK = "lock"


@dataclass(frozen=True, slots=True)
class Leftover:
    """A cell another run of the program left behind."""

    folder: Path
    name: str
    kept: bool  # left on purpose; otherwise the program ended without being closed


class Shelf:
    """The folder in which each run of the program has a folder of its own, locked while it runs."""

    def __init__(self, root: Path) -> None:
        self._root = root / "recovery"
        self.own = self._root / uuid.uuid4().hex
        self._lock: QLockFile | None = None
        self._adopted: dict[Path, QLockFile] = {}  # folders of ended runs that this run now answers for

    def cell_folder(self, cell_id: int) -> Path:
        """Return the folder of a cell of this run; the run's folder is made and locked when it is first asked for."""
        if self._lock is None:
            self.own.mkdir(parents=True)
            self._lock = _locked(self.own)
        return self.own / str(cell_id)

    def leftovers(self) -> list[Leftover]:
        """Return what ended runs left behind. Folders of programs that still run are left alone."""
        found: list[Leftover] = []
        for run in sorted(self._root.glob("*/")) if self._root.is_dir() else ():
            if run == self.own or run.name.startswith("damaged-"):
                continue
            if run not in self._adopted:
                lock = _locked(run)
                if lock is None:
                    continue
                self._adopted[run] = lock
            kept = (run / _KEPT).exists()
            found += [Leftover(f.parent, cell_name(f.parent), kept) for f in sorted(run.glob(f"*/{WORK_FILE}"))]
        return found

    def take(self, leftover: Leftover, cell_id: int) -> None:
        """Make a leftover the saved work of a cell of this run."""
        leftover.folder.rename(self.cell_folder(cell_id))

    def set_aside(self, leftover: Leftover) -> Path:
        """Move a damaged leftover out of the way, so that it is not offered again, and return where it is."""
        target = self._root / f"damaged-{leftover.folder.parent.name}-{leftover.folder.name}"
        leftover.folder.rename(target)
        return target

    def discard(self, leftover: Leftover) -> None:
        """Delete a leftover for good."""
        shutil.rmtree(leftover.folder, ignore_errors=True)

    def forget(self, cell_id: int) -> None:
        """Delete what is saved of a cell of this run."""
        if self._lock is not None:
            shutil.rmtree(self.own / str(cell_id), ignore_errors=True)

    def close(self) -> None:
        """Give up the locks. Work still lying in this run's folder is offered at the next start."""
        if self._lock is not None and any(self.own.glob(f"*/{WORK_FILE}")):
            (self.own / _KEPT).touch()
        for run, lock in [*self._adopted.items(), *([(self.own, self._lock)] if self._lock else [])]:
            lock.unlock()
            if not any(run.glob(f"*/{WORK_FILE}")):
                shutil.rmtree(run, ignore_errors=True)
        self._adopted, self._lock = {}, None


class Autosave(QObject):
    """Saves each cell with changes shortly after the change; forgets cells whose changes are exported or undone."""

    failed = Signal(object)  # the OSError; said once until saving works again

    def __init__(self, session: Session, desk: JobDesk, shelf: Shelf, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._desk, self._shelf = session, desk, shelf
        self._saved: dict[int, DocumentState] = {}  # cell id -> what is on disk or on its way there
        self._pending: set[int] = set()
        self._kept: set[int] = set()  # closed cells whose work stays on the shelf
        self._complained = False
        self._timer = QTimer(self, singleShot=True, interval=DELAY_MS)
        self._timer.timeout.connect(self._save_pending)
        session.cell_changed.connect(self._note)
        session.cell_removed.connect(self._forget)

    def leftovers(self) -> list[Leftover]:
        """Return the cells that earlier runs left behind."""
        return self._shelf.leftovers()

    def restore(self, leftover: Leftover) -> OpenCell:
        """Open a leftover as a cell with changes.

        Raises
        ------
        RecoveryError
            It is damaged. It was set aside and is not offered again.
        """
        try:
            work = load_work(leftover.folder)
        except RecoveryError as error:
            aside = self._shelf.set_aside(leftover)
            sentence = f"The saved work of {leftover.name} is damaged and was set aside: {aside}."
            raise RecoveryError(sentence) from error
        state = DocumentState(work.cell, work.placements, work.bundle, work.alternatives, work.annotations)
        entry = self._session.open_work(state)
        self._shelf.take(leftover, entry.id)
        return entry

    def discard(self, leftover: Leftover) -> None:
        """Delete a leftover for good."""
        self._shelf.discard(leftover)

    def keep(self, cell_id: int) -> None:
        """Save a cell that is about to be closed; it is offered at the next start."""
        entry = self._session.cell(cell_id)
        state = entry.document.state()
        if state is not None:
            self._kept.add(cell_id)
            self._desk.cancel(f"quiet:save:{cell_id}")
            # In the lane of the saving, after one that may be under way.
            self._desk.executor("files").submit(save_work, self._shelf.cell_folder(cell_id), _work(state))

    def is_waiting(self) -> bool:
        """Whether a change waits to be saved."""
        return self._timer.isActive()

    def close(self, *, keep: bool) -> None:
        """Save all changes or delete them, and leave the shelf. The threads have ended before."""
        self._timer.stop()
        for entry in self._session.cells():
            state = entry.document.state()
            # What a library could not take is kept in any case: nobody chose to lose it.
            if (keep or entry.in_library) and state is not None and entry.has_changes():
                try:
                    save_work(self._shelf.cell_folder(entry.id), _work(state))
                except OSError:
                    logger.exception("Work in progress not saved")
            else:
                self._shelf.forget(entry.id)
        self._shelf.close()

    def _note(self, cell_id: int) -> None:
        self._pending.add(cell_id)
        if not self._timer.isActive():  # not restarted: steady work must not put the saving off
            self._timer.start()

    def _save_pending(self) -> None:
        pending, self._pending = self._pending, set()
        for cell_id in pending & {entry.id for entry in self._session.cells()}:
            entry = self._session.cell(cell_id)
            state = entry.document.state()
            if state is None or not entry.has_changes():
                self._forget(cell_id)
            elif not _same(state, self._saved.get(cell_id)):
                self._saved[cell_id] = state
                self._start(cell_id, state)

    def _start(self, cell_id: int, state: DocumentState) -> None:
        try:
            folder = self._shelf.cell_folder(cell_id)
        except OSError as error:
            self._complain(error)
            return

        def save(reporter: Reporter) -> None:
            save_work(folder, _work(state))

        self._desk.start(
            f"quiet:save:{cell_id}",
            save,
            lane="files",
            on_success=lambda _: setattr(self, "_complained", False),
            on_failure=partial(self._on_failed, cell_id),
        )

    def _on_failed(self, cell_id: int, error: Exception) -> None:
        self._saved.pop(cell_id, None)
        self._complain(error)

    def _complain(self, error: Exception) -> None:
        logger.warning("Work in progress not saved: %s", error)
        if not self._complained:
            self._complained = True
            self.failed.emit(error)

    def _forget(self, cell_id: int) -> None:
        if cell_id in self._kept:
            return
        self._desk.cancel(f"quiet:save:{cell_id}")
        if self._saved.pop(cell_id, None) is not None or (self._shelf.own / str(cell_id)).exists():
            # In the lane of the saving, so that a saving under way cannot come after it.
            self._desk.executor("files").submit(self._shelf.forget, cell_id)


def _locked(run: Path) -> QLockFile | None:
    """Lock the folder of a run; None if the program it belongs to still runs."""
    lock = QLockFile(str(run / _LOCK))
    lock.setStaleLockTime(0)  # however old: a lock is stale when its process is gone
    return lock if lock.tryLock(0) else None


def _work(state: DocumentState) -> Work:
    return Work(state.cell, state.placements, state.bundle, state.alternatives, state.annotations)


def _same(state: DocumentState, saved: DocumentState | None) -> bool:
    if saved is None or saved.cell is not state.cell:
        return False
    return saved.placements == state.placements and saved.annotations == state.annotations
