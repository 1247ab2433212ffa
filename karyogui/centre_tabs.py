"""The middle of the window: the karyogram, the open case, and the training of the model beside them."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QFrame, QScrollArea, QTabWidget, QVBoxLayout, QWidget

from karyogui.casework.karyotype_line import KaryotypeLine
from karyogui.casework.tab import CaseTab
from karyogui.jobs.desk import JobDesk
from karyogui.library.link import LibraryLink
from karyogui.session import Session
from karyogui.training.course import Course
from karyogui.training.tab import TrainingTab


class CentreTabs(QTabWidget):
    """Karyogram, Case and Training.

    Parameters
    ----------
    karyogram : what the first tab shows, over the karyotype of the cell.
    data : folder of the program's own files; a training that was stopped is kept there.
    """

    def __init__(
        self,
        karyogram: QWidget,
        session: Session,
        desk: JobDesk,
        link: LibraryLink,
        data: Path,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setDocumentMode(True)
        self.karyotype = KaryotypeLine(session, link)
        self._karyogram = QWidget()
        column = QVBoxLayout(self._karyogram)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(karyogram, 1)
        column.addWidget(self.karyotype)
        self.case = CaseTab(link)
        self.training = TrainingTab(Course(session, desk, data / "training", self))
        self.addTab(self._karyogram, self.tr("Karyogram"))
        self.addTab(self.case, self.tr("Case"))
        self._scrolled = QScrollArea()
        self._scrolled.setWidgetResizable(True)
        self._scrolled.setFrameShape(QFrame.Shape.NoFrame)
        self._scrolled.setWidget(self.training)  # its pages are high; the window must still fit a small screen
        self.addTab(self._scrolled, self.tr("Training"))
        session.current_changed.connect(self._on_current_changed)
        self.case.cell_shown.connect(partial(self.setCurrentWidget, self._karyogram))

    def slots(self) -> dict[str, Callable[[], object]]:
        """Return what the actions do."""
        return {
            "show_case": partial(self._toggle, self.case),
            "show_training": partial(self._toggle, self._scrolled),
            "edit_karyotype": self._edit_karyotype,
        }

    def shows_karyogram(self) -> bool:
        """Whether the karyogram is in front: keys and menus speak to it only then."""
        return self.currentWidget() is self._karyogram

    def _toggle(self, tab: QWidget) -> None:
        """Go to a tab, or back from it to the karyogram."""
        self.setCurrentWidget(self._karyogram if self.currentWidget() is tab else tab)

    def _edit_karyotype(self) -> None:
        self.setCurrentWidget(self._karyogram)
        self.karyotype.take_focus()

    def _on_current_changed(self, cell_id: int | None) -> None:
        if cell_id is not None:  # somebody chose a cell to see it
            self.setCurrentWidget(self._karyogram)
