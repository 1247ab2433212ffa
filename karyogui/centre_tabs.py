"""The middle of the window: the karyogram, the composite, the open case, and the training of the model."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from karyogui.casework.karyotype_line import KaryotypeLine
from karyogui.casework.tab import CaseTab
from karyogui.jobs.desk import JobDesk
from karyogui.library.link import LibraryLink
from karyogui.session import Session
from karyogui.training.course import Course
from karyogui.training.tab import TrainingTab


class CentreTabs(QTabWidget):
    """Karyogram, Composite, Case and Training.

    Parameters
    ----------
    karyogram : what the first tab shows, over the karyotype of the cell.
    composite : what the second one shows.
    data : folder of the program's own files; a training that was stopped is kept there.
    """

    def __init__(
        self,
        karyogram: QWidget,
        composite: QWidget,
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
        self._composite = composite
        self.case = CaseTab(link)
        self.training = TrainingTab(Course(session, desk, data / "training", self))
        self.addTab(self._karyogram, self.tr("Karyogram"))
        self.addTab(composite, self.tr("Composite"))
        self.addTab(self.case, self.tr("Case"))
        self.addTab(self.training, self.tr("Training"))
        self.tabBarClicked.connect(lambda _index: self._let_go())
        session.current_changed.connect(self._on_current_changed)
        self.case.cell_shown.connect(partial(self.setCurrentWidget, self._karyogram))

    def slots(self) -> dict[str, Callable[[], object]]:
        """Return what the actions do."""
        return {
            "show_case": self._toggle_case,
            "show_composite": partial(self._toggle, self._composite),
            "show_training": partial(self._toggle, self.training),
            "edit_karyotype": self._edit_karyotype,
        }

    def show_karyogram(self) -> None:
        """Bring the karyogram to the front."""
        self._go_to(self._karyogram)

    def show_section(self, page: QWidget) -> None:
        """Go to a section of the case, or back from it to the karyogram."""
        shown = self.currentWidget() is self.case and page.isVisible()
        if not shown:
            self.case.show_section(page)
        self._go_to(self._karyogram if shown else self.case)

    def shows_karyogram(self) -> bool:
        """Whether the karyogram is in front: keys and menus speak to it only then."""
        return self.currentWidget() is self._karyogram

    def _toggle(self, tab: QWidget) -> None:
        """Go to a tab, or back from it to the karyogram."""
        self._go_to(self._karyogram if self.currentWidget() is tab else tab)

    def _go_to(self, tab: QWidget) -> None:
        if tab is not self.currentWidget():
            self._let_go()
            self.setCurrentWidget(tab)
            (tab.focusWidget() or tab).setFocus()

    def _let_go(self) -> None:
        """Take the focus from the tab that goes: Qt would hand it to the list of cells, which then shows its first."""
        focused = self.currentWidget().focusWidget()
        if focused is not None:
            focused.clearFocus()

    def _toggle_case(self) -> None:
        self._toggle(self.case)
        self.case.take_focus()

    def _edit_karyotype(self) -> None:
        self._go_to(self._karyogram)
        self.karyotype.take_focus()

    def _on_current_changed(self, cell_id: int | None) -> None:
        if cell_id is not None:  # somebody chose a cell to see it
            self._go_to(self._karyogram)
