"""The Case tab: which case is open, and sections for what is known of it."""

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSizePolicy, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from karyogui.casework.sheet_page import SheetPage
from karyogui.casework.specimen_page import SpecimenPage
from karyogui.casework.work import CaseWork
from karyogui.inspector_parts.widgets import quiet_label
from karyogui.library.link import LibraryLink
from karyogui.theme import GRID


class CaseTab(QStackedWidget):
    """Shows the open case. Further sections are handed in with `add_section`; they are told of the case by `work`."""

    cell_shown = Signal()  # a cell of the case was chosen to be looked at

    def __init__(self, link: LibraryLink, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.work = CaseWork(link, self)
        self._link = link
        self.empty = QLabel(
            self.tr(
                "No case is open.\nChoose a case, or begin one, in the list on the left; its cells are counted here."
            ),
            wordWrap=True,
        )
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.code = QLabel()
        self.kind = QComboBox()
        self.sex = QComboBox()
        self.sections = QTabBar()
        self._pages = QStackedWidget()
        self.sheet = SheetPage(self.work)
        self.specimen = SpecimenPage(self.work)
        self._filled = self._build()
        self.addWidget(self.empty)
        self.addWidget(self._filled)
        self.add_section(self.sheet, self.tr("Count sheet"))
        self.add_section(self.specimen, self.tr("Specimen"))
        self.sheet.table.cell_wanted.connect(self._show_cell)
        self.work.changed.connect(self._refresh)
        self._refresh()

    def add_section(self, page: QWidget, title: str) -> None:
        """Put a page behind the sections there are."""
        self._pages.addWidget(page)
        self.sections.addTab(title)

    def show_section(self, page: QWidget) -> None:
        """Bring a section to the front."""
        self.sections.setCurrentIndex(self._pages.indexOf(page))

    def take_focus(self) -> None:
        """Let her work with the keyboard: in the count sheet, not in a text she might change unawares."""
        if self.sheet.isVisible():
            self.sheet.table.setFocus()

    def _build(self) -> QWidget:
        font = self.code.font()
        font.setBold(True)
        font.setPointSizeF(font.pointSizeF() * 1.35)
        self.code.setFont(font)
        self.code.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.kind.addItem(self.tr("constitutional"), True)
        self.kind.addItem(self.tr("acquired"), False)
        self.kind.setAccessibleName(self.tr("Kind of the changes"))
        self.kind.setToolTip(
            self.tr(
                "Constitutional: 45,X. Acquired: 45,X,-Y[8], always with numbers of cells, against the patient's own"
            )
        )
        for text, sex in ((self.tr("sex as the cells suggest"), None), ("XX", "XX"), ("XY", "XY")):
            self.sex.addItem(text, sex)
        self.sex.setAccessibleName(self.tr("Sex chromosomes of the patient"))
        self.sex.setToolTip(self.tr("Normal sex chromosomes of the patient: gains and losses are counted against them"))
        self.kind.activated.connect(lambda _index: self._save(constitutional=self.kind.currentData()))
        self.sex.activated.connect(lambda _index: self._save(sex=self.sex.currentData()))
        self.sections.setDrawBase(False)
        self.sections.setExpanding(False)
        self.sections.currentChanged.connect(self._pages.setCurrentIndex)
        head = QHBoxLayout()
        head.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 0)
        head.setSpacing(GRID)
        head.addWidget(self.code, 1)
        head.addWidget(quiet_label(self.tr("Changes")))
        head.addWidget(self.kind)
        head.addSpacing(GRID)
        head.addWidget(self.sex)
        filled = QWidget()
        column = QVBoxLayout(filled)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addLayout(head)
        bar = QHBoxLayout()
        bar.setContentsMargins(2 * GRID, 0, 2 * GRID, 0)
        bar.addWidget(self.sections)
        bar.addStretch(1)
        column.addLayout(bar)
        column.addWidget(self._pages, 1)
        return filled

    def _refresh(self) -> None:
        case = self.work.case
        self.setCurrentWidget(self._filled if case else self.empty)
        if case is not None:
            self.code.setText(case.code)
            self.code.setToolTip(case.code)
            self.kind.setCurrentIndex(self.kind.findData(case.constitutional))
            self.sex.setCurrentIndex(max(0, self.sex.findData(case.sex)))

    def _save(self, **changes: Any) -> None:
        self.work.save_case(**changes)

    def _show_cell(self, cell_id: int) -> None:
        self._link.show_cell(cell_id)
        self.cell_shown.emit()
