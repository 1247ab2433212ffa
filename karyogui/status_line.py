"""The status bar: the numbers she needs all the time, and what runs in the background."""

from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QStatusBar, QWidget

from karyogui.document import KaryogramDocument
from karyogui.jobs.desk import JobDesk
from karyogui.progress_bar import ProgressBar
from karyogui.session import Session
from karyogui.theme import GRID


def summary(document: KaryogramDocument, pixels: str = "") -> str:
    """Return `46 of 46 placed · 3 to review · 46,XY · bundle g-default 1.2 · original pixels`; empty without a cell.

    `✓ reviewed` stands where a person has left nothing to review; where nothing asked for it, `no doubts`.
    `pixels` says which are shown where these are not the original ones.
    """
    cell = document.cell()
    if cell is None:
        return ""
    placements = document.placements()
    placed = sum(placement.label is not None for placement in placements)
    parts = [_tr("%d of %d placed") % (placed, len(placements))]
    to_review = len(document.ids_to_review())
    if to_review:
        parts.append(_tr("%d to review") % to_review)
    elif document.reviewed:
        parts.append(_tr("✓ reviewed") if document.was_looked_at() else _tr("no doubts"))
    text = document.karyotype_text()
    if text:
        parts.append(text)
    bundle = document.bundle()
    parts.append(_tr("bundle %s %s") % (bundle.name, bundle.version) if bundle else _tr("not classified"))
    parts.append(pixels or _tr("original pixels"))
    return "  ·  ".join(parts)


class StatusLine(QStatusBar):
    """Left the state of the shown cell; right progress and Cancel, only while something runs."""

    cancel_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        self.facts = QLabel(self)
        self.facts.setContentsMargins(GRID, 0, GRID, 0)
        # A long line of numbers is cut in a narrow window; it must not decide how narrow the window may be.
        self.facts.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.zoom = QLabel(self)
        self.zoom.setContentsMargins(GRID, 0, GRID, 0)
        self._work = QWidget(self)
        self.work_text = QLabel(self._work)
        self.bar = ProgressBar(self._work)
        self.bar.setTextVisible(False)
        self.bar.setFixedSize(20 * GRID, GRID)
        self.cancel = QPushButton(self.tr("Cancel"), self._work)
        self.cancel.setToolTip(self.tr("Stop reading and classifying"))
        self.cancel.clicked.connect(self.cancel_requested)
        row = QHBoxLayout(self._work)
        row.setContentsMargins(0, 0, GRID, 0)
        row.setSpacing(GRID)
        row.addWidget(self.work_text)
        row.addWidget(self.bar)
        row.addWidget(self.cancel)
        self.addWidget(self.facts, 1)
        self.addPermanentWidget(self._work)
        self.addPermanentWidget(self.zoom)
        self._work.hide()

    def show_document(self, document: KaryogramDocument | None, pixels: str = "") -> None:
        """Show the numbers of a cell, and which of its pixels are shown; empty: the original ones."""
        self.facts.setText(summary(document, pixels) if document else "")

    def show_zoom(self, zoom: float | None) -> None:
        """Show how many screen pixels an image pixel takes."""
        self.zoom.setText("" if zoom is None else f"{zoom * 100:.0f} %")

    def show_work(self, text: str, done: int, total: int) -> None:
        """Show what runs. `total` 0: nobody knows how long."""
        self.work_text.setText(text)
        self.bar.show_progress(done, total)
        self._work.show()

    def hide_work(self) -> None:
        """Nothing runs any more."""
        self._work.hide()

    def is_working(self) -> bool:
        """Whether progress is shown."""
        return not self._work.isHidden()


class WorkMonitor(QObject):
    """Shows in the status bar what the jobs are doing."""

    busy_changed = Signal(bool)

    def __init__(self, desk: JobDesk, session: Session, line: StatusLine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._line, self._desk = session, line, desk
        self._progress: dict[str, tuple[int, int]] = {}
        self._busy = False
        desk.changed.connect(self._show)
        desk.progressed.connect(self._on_progressed)

    def _on_progressed(self, kind: str, done: int, total: int, _message: str) -> None:
        self._progress[kind] = done, total
        self._show()

    def _show(self) -> None:
        kinds = [kind for kind in self._desk.kinds() if not kind.startswith("quiet:")]
        self._progress = {kind: value for kind, value in self._progress.items() if kind in kinds}
        if kinds:
            # The job that reports is the one that runs; the others wait.
            running = next((kind for kind in kinds if kind in self._progress), kinds[0])
            done, total = self._progress.get(running, (0, 0))
            text = self._text(running)
            if len(kinds) > 1:
                text = self.tr("%s · %d more waiting") % (text, len(kinds) - 1)
            self._line.show_work(text, done, total)
        else:
            self._line.hide_work()
        if self._busy != bool(kinds):
            self._busy = bool(kinds)
            self.busy_changed.emit(self._busy)

    def _text(self, kind: str) -> str:
        verb, _, number = kind.partition(":")
        names = {entry.id: entry.name for entry in self._session.cells()}
        name = names.get(int(number)) if number.isdecimal() else None
        words = {"find": self.tr("Looking for cells"), "export": self.tr("Exporting")}
        words |= {"import": self.tr("Adding cells"), "library": self.tr("At work in the library")}
        words |= {"report": self.tr("Writing the report")}
        if name is not None and verb == "read":
            return self.tr("Reading %s") % name
        if name is not None and verb == "classify":
            return self.tr("Classifying %s") % name
        if name is not None and verb == "superresolve":
            return self.tr("Super-resolving %s") % name
        return words.get(verb, self.tr("Working"))


def _tr(text: str) -> str:
    return QCoreApplication.translate("StatusLine", text)
