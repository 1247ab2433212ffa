"""The section of the specimen: fields to be filled in, fields of the laboratory's own, a note; kept when left."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import (
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from karyogui.casework.work import CaseWork
from karyogui.inspector_parts.widgets import quiet_label
from karyogui.model.specimen import SPECIMEN_FIELDS, shown_fields, with_field, without_field
from karyogui.theme import GRID, icon

_WIDTH = 72 * GRID


class NoteEdit(QPlainTextEdit):
    """A text of several lines, done with when the keyboard goes elsewhere."""

    left = Signal()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leaving keeps."""
        super().focusOutEvent(event)
        self.left.emit()


class SpecimenPage(QScrollArea):
    """What is known of the specimen beside its chromosomes."""

    def __init__(self, work: CaseWork, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self.fields: dict[str, QLineEdit] = {}
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self._form = QFormLayout()
        self._form.setSpacing(GRID)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.new_name = QLineEdit()
        self.new_name.setPlaceholderText(self.tr("Name of another field"))
        self.new_name.setAccessibleName(self.tr("Name of another field"))
        self.add = QPushButton(self.tr("&Add field"))
        self.add.setEnabled(False)
        self.note = NoteEdit()
        self.note.setAccessibleName(self.tr("Note on the case"))
        self.note.setTabChangesFocus(True)
        self.note.setFixedHeight(12 * GRID)
        adding = QHBoxLayout()
        adding.setSpacing(GRID)
        adding.addWidget(self.new_name, 1)
        adding.addWidget(self.add)
        inner = QWidget()
        inner.setMaximumWidth(_WIDTH)
        column = QVBoxLayout(inner)
        column.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        column.setSpacing(GRID)
        column.addLayout(self._form)
        column.addLayout(adding)
        column.addSpacing(GRID)
        column.addWidget(quiet_label(self.tr("Note")))
        column.addWidget(self.note)
        column.addStretch(1)
        self.setWidget(inner)
        self.new_name.textChanged.connect(lambda _text: self.add.setEnabled(self._free_name() != ""))
        self.new_name.returnPressed.connect(self._add_field)
        self.add.clicked.connect(self._add_field)
        self.note.left.connect(self.commit)
        work.case_shown.connect(self._forget)
        work.changed.connect(self._refresh)
        self._refresh()

    def commit(self) -> None:
        """Keep the note as it stands."""
        if self._work.case is not None:
            self._work.save_case(note=self.note.toPlainText())

    def _forget(self) -> None:
        """Another case: what was being typed belongs to none of its fields."""
        case = self._work.case
        for field in self.fields.values():
            field.setModified(False)
        self.note.setPlainText(case.note if case else "")

    def _refresh(self) -> None:
        case = self._work.case
        shown = shown_fields(case.specimen) if case else ()
        if [name for name, _ in shown] != list(self.fields):
            self._build([name for name, _ in shown])
        for name, value in shown:
            field = self.fields[name]
            if not (field.hasFocus() and field.isModified()) and field.text() != value:
                field.setText(value)
        if case is not None and not self.note.hasFocus() and self.note.toPlainText() != case.note:
            self.note.setPlainText(case.note)

    def _build(self, names: list[str]) -> None:
        for field in self.fields.values():
            field.blockSignals(True)  # one that goes with the keyboard in it has nothing to say
        while self._form.rowCount():
            taken = self._form.takeRow(0)
            for widget in (taken.labelItem.widget(), taken.fieldItem.widget()):
                if widget is not None:
                    widget.hide()
                    widget.deleteLater()  # not at once: the click that removes a field comes from its row
        self.fields = {}
        for name in names:
            field = QLineEdit()
            field.setAccessibleName(name)
            field.editingFinished.connect(lambda name=name: self._keep(name))
            self.fields[name] = field
            if name in SPECIMEN_FIELDS:
                self._form.addRow(self.tr(name), field)
            else:
                self._form.addRow(name, self._removable(name, field))

    def _removable(self, name: str, field: QLineEdit) -> QWidget:
        remove = QToolButton()
        remove.setAutoRaise(True)
        remove.setIcon(icon("cancel"))
        remove.setIconSize(QSize(12, 12))
        remove.setToolTip(self.tr("Remove the field %s") % name)
        remove.setAccessibleName(remove.toolTip())
        remove.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        remove.clicked.connect(lambda _checked=False: self._remove(name))
        both = QWidget()
        row = QHBoxLayout(both)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID // 2)
        row.addWidget(field, 1)
        row.addWidget(remove)
        return both

    def _keep(self, name: str) -> None:
        case = self._work.case
        if case is None:
            return
        self.fields[name].setModified(False)
        value = self.fields[name].text()
        if value.strip() != case.specimen.get(name, ""):
            self._work.save_specimen(with_field(case.specimen, name, value))

    def _remove(self, name: str) -> None:
        case = self._work.case
        if case is not None:
            self._work.save_specimen(without_field(case.specimen, name))

    def _free_name(self) -> str:
        name = self.new_name.text().strip()
        return "" if name in self.fields else name

    def _add_field(self) -> None:
        case, name = self._work.case, self._free_name()
        if case is not None and name:
            self.new_name.clear()
            self._work.save_specimen(with_field(case.specimen, name, ""))
            self.fields[name].setFocus()
