"""The middle of the window: the karyogram, and the training of the model beside it."""

from pathlib import Path

from PySide6.QtWidgets import QTabWidget, QWidget

from karyogui.jobs.desk import JobDesk
from karyogui.session import Session
from karyogui.training.course import Course
from karyogui.training.tab import TrainingTab


class CentreTabs(QTabWidget):
    """Karyogram and Training.

    Parameters
    ----------
    karyogram : what the first tab shows.
    data : folder of the program's own files; a training that was stopped is kept there.
    """

    def __init__(
        self, karyogram: QWidget, session: Session, desk: JobDesk, data: Path, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setDocumentMode(True)
        self._karyogram = karyogram
        self.training = TrainingTab(Course(session, desk, data / "training", self))
        self.addTab(karyogram, self.tr("Karyogram"))
        self.addTab(self.training, self.tr("Training"))
        session.current_changed.connect(self._on_current_changed)

    def shows_karyogram(self) -> bool:
        """Whether the karyogram is in front: keys and menus speak to it only then."""
        return self.currentWidget() is self._karyogram

    def toggle_training(self) -> None:
        """Go to the training tab, or back."""
        self.setCurrentWidget(self.training if self.shows_karyogram() else self._karyogram)

    def _on_current_changed(self, cell_id: int | None) -> None:
        if cell_id is not None:  # somebody chose a cell to see it
            self.setCurrentWidget(self._karyogram)
