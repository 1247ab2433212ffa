"""The clones of the case, what single cells have beside them, and the karyotype of the case that follows."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from engine.karyotype.check import Check, check_case
from engine.karyotype.clones import CaseKaryotype
from karyogui.casework.checked_line import CheckedLine, plain_digits
from karyogui.casework.work import CaseWork
from karyogui.inspector_parts.widgets import ElidedLabel, clear_layout, quiet_label
from karyogui.theme import GRID


class ClonesView(QWidget):
    """Proposes the karyotype of the case; she has the last word."""

    def __init__(self, work: CaseWork, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._drawn: object = None
        self._texts: list[str] = []
        label = QLabel(self.tr("&Karyotype of the case"))
        font = label.font()
        font.setBold(True)
        label.setFont(font)
        self.line = CheckedLine(self._check, self.tr("agrees with the clones"), below=True)
        self.line.edit.setAccessibleName(self.tr("Karyotype of the case"))
        label.setBuddy(self.line.edit)
        self.composite = QPushButton(self.tr("As composite"))
        self.composite.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._rows = QGridLayout()
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setHorizontalSpacing(2 * GRID)
        self._rows.setVerticalSpacing(GRID // 2)
        self._rows.setColumnStretch(2, 1)
        head = QHBoxLayout()
        head.addWidget(label, 1)
        head.addWidget(self.composite)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addLayout(head)
        column.addWidget(self.line)
        column.addLayout(self._rows)
        self.line.committed.connect(lambda text: work.save_case(karyotype=text))
        self.line.left.connect(self.line.edit.clearFocus)
        self.composite.clicked.connect(self._take_composite)
        work.case_shown.connect(self._on_case_shown)
        work.changed.connect(self._refresh)
        self._refresh()

    def clone_texts(self) -> list[str]:
        """Return the rows as they are read: `47,XX,+8  6 cells  cell 1, cell 2, ...`."""
        return list(self._texts)

    def _check(self, text: str) -> Check:
        sheet = self._work.sheet
        return check_case(text, sheet.proposal if sheet else None)

    def _on_case_shown(self) -> None:
        # What is still being typed was kept when the focus left; another case begins with its own text.
        self.line.show_text(self.line.edit.text())

    def _refresh(self) -> None:
        case, sheet = self._work.case, self._work.sheet
        self.line.show_text(case.karyotype if case else "")
        composite = sheet.composite if sheet else None
        self.composite.setVisible(bool(composite) and case is not None and case.karyotype != composite)
        if composite:
            self.composite.setToolTip(self.tr("The abnormal cells are not alike: write %s") % composite)
        self._show_clones(sheet.proposal if sheet else None, sheet.doubts if sheet else ())

    def _show_clones(self, proposal: CaseKaryotype | None, doubts: tuple[str, ...]) -> None:
        if (proposal, doubts) == self._drawn:
            return
        self._drawn = proposal, doubts
        clear_layout(self._rows)
        self._texts = []
        if proposal is None:
            self._add_row("", "", self.tr("Clones follow once all chromosomes of a cell are placed."))
        else:
            for clone in proposal.clones:
                number = len(clone.cells)
                cells = self.tr("1 cell") if number == 1 else self.tr("%d cells") % number
                self._add_row(clone.karyotype, cells, ", ".join(clone.cells), named=True)
            if proposal.findings:
                found = "; ".join(f"{each.cell}: {' '.join(each.changes)}" for each in proposal.findings)
                self._add_row(self.tr("single cells"), "", found)
        if doubts:
            self._add_row(self.tr("left out"), "", self.tr("chromosomes in the tray: %s") % ", ".join(doubts))

    def _add_row(self, name: str, number: str, text: str, *, named: bool = False) -> None:
        row = len(self._texts)
        self._texts.append("  ".join(part for part in (name, number, text) if part))
        first = QLabel(name) if named else quiet_label(name)
        if named:
            first.setFont(plain_digits(first))
            first.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        rest = ElidedLabel(mode=Qt.TextElideMode.ElideRight)
        rest.set_text(text)
        count = QLabel(number)
        count.setForegroundRole(QPalette.ColorRole.WindowText)
        for column, widget in enumerate((first, count, rest)):
            self._rows.addWidget(widget, row, column)

    def _take_composite(self) -> None:
        sheet = self._work.sheet
        if sheet is not None and sheet.composite:
            self._work.save_case(karyotype=sheet.composite)
