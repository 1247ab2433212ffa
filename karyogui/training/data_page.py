"""Data: what the model will be taught with, and which labels it doubts."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from engine.types import CLASS_LABELS
from karyogui.inspector_parts.widgets import clear_layout
from karyogui.model.teaching import LIBRARY, Lesson, TeachingCell, label_counts, rare
from karyogui.theme import GRID
from karyogui.training.course import Course
from karyogui.training.material import Source
from karyogui.training.plots import BarsView
from karyogui.training.suspects_view import SuspectsView

_USE, _CELL, _CASE, _FROM, _COUNT, _ROLE = range(6)


class DataPage(QWidget):
    """The cells, their counts, and the doubts."""

    def __init__(self, course: Course, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._course, self._material = course, course.material
        self.stain = QComboBox()
        self.stain.setAccessibleName(self.tr("Stain"))
        self.stain.addItem(self.tr("G bands"), "g")
        self.stain.addItem(self.tr("Q bands"), "q")
        self.stain.activated.connect(lambda _index: self._material.set_stain(self.stain.currentData()))
        self.add_library = QPushButton(self.tr("Add reviewed cells of the &library"))
        self.add_library.clicked.connect(lambda _on: self._material.add_library())
        self.add_folder = QPushButton(self.tr("Add labelled &folder…"))
        self.add_folder.setToolTip(
            self.tr(
                "Files named by their label (13_2.png), a folder for each label, or a labels.csv (path, label, cell)"
            )
        )
        self.add_folder.clicked.connect(self._ask_folder)
        self.upright = QCheckBox(self.tr("its pictures show the p arm up"))
        self.upright.setChecked(True)
        self.check = QPushButton(self.tr("Chec&k the cells"))
        self.check.clicked.connect(lambda _on: course.look())
        self.check.setToolTip(
            self.tr("Look for repeated cells and doubtful labels, and measure how long training takes")
        )
        self.table = _table(
            (
                self.tr("Use"),
                self.tr("Cell"),
                self.tr("Case"),
                self.tr("From"),
                self.tr("Labelled"),
                self.tr("Serves to"),
            )
        )
        self.table.setAccessibleName(self.tr("Cells to learn from"))
        self.table.itemChanged.connect(self._on_item_changed)
        self.facts = QLabel(wordWrap=True)
        self.sources = QVBoxLayout()
        self.bars = BarsView()
        self.suspects = SuspectsView(course)
        self._build()
        self._material.changed.connect(self.refresh)
        self._material.library_changed.connect(self.refresh)
        course.survey_changed.connect(self.refresh)
        course.run_changed.connect(self.refresh)
        self.refresh()

    def _build(self) -> None:
        tools = QHBoxLayout()
        for widget in (self.stain, self.add_library, self.add_folder, self.upright):
            tools.addWidget(widget)
        tools.addStretch(1)
        tools.addWidget(self.check)
        left = QVBoxLayout()
        left.addWidget(self.table, 1)
        left.addLayout(self.sources)
        right = QVBoxLayout()
        right.setSpacing(GRID)
        right.addWidget(self.facts)
        right.addWidget(heading(self.tr("Chromosomes of each label (▾ rare)")))
        right.addWidget(self.bars)
        right.addSpacing(GRID)
        right.addWidget(heading(self.tr("Doubtful labels")))
        right.addWidget(self.suspects, 1)
        row = QHBoxLayout()
        row.setSpacing(3 * GRID)
        row.addLayout(left, 1)
        row.addLayout(right, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        column.setSpacing(2 * GRID)
        column.addLayout(tools)
        column.addLayout(row, 1)

    def refresh(self) -> None:
        """Show the cells as they are."""
        material = self._material
        self.stain.setCurrentIndex(self.stain.findData(material.stain))
        self.stain.setVisible(len(material.stains()) > 1)
        self.add_library.setVisible(material.has_library())
        free = self._course.running is None  # the thread of a training is one: what is asked meanwhile would wait
        self.check.setEnabled(bool(material.used) and free)
        self.add_folder.setEnabled(free)
        self._fill_sources()
        self._fill_table()
        counts = label_counts(material.used)
        self.bars.show_bars({label: float(n) for label, n in counts.items()}, marked=rare(counts))
        self.facts.setText(self._facts())

    def _facts(self) -> str:
        material = self._material
        if not material.cells:
            return self.tr(
                "There is nothing to learn from yet. Open cells, classify them, correct or accept their chromosomes; "
                "add the reviewed cells of the library; or add a folder of labelled chromosome images."
            )
        chromosomes = sum(cell.count for cell in material.used)
        cases = len({cell.group for cell in material.used})
        text = self.tr("%s bands: %d cells of %d cases with %d labelled chromosomes.")
        text %= (material.stain.upper(), len(material.used), cases, chromosomes)
        survey = self._course.survey
        if survey is None:
            return text
        parts = [survey.roles.count(role) for role in ("learn", "tune", "judge")]
        if survey.problem:
            return f"{text} {survey.problem}"
        dealt = self.tr("%d to learn from, %d to tune on, %d to judge by (seed %d): a case always serves one purpose.")
        text += " " + dealt % (*parts, Lesson().seed)
        if survey.repeated:
            names = [name for name, _ in survey.repeated]
            more = self.tr(" and %d more") % (len(names) - 5) if len(names) > 5 else ""
            text += " " + self.tr("Left out because they repeat another: %s.") % (", ".join(names[:5]) + more)
        return text

    def _fill_sources(self) -> None:
        clear_layout(self.sources)
        for source in self._material.sources():
            self.sources.addWidget(_SourceLine(source, self._material.remove))

    def _fill_table(self) -> None:
        material, survey = self._material, self._course.survey
        words = {
            "learn": self.tr("learn from"),
            "tune": self.tr("tune on"),
            "judge": self.tr("judge by"),
            "repeated": self.tr("repeats another"),
        }
        roles = {}
        if survey is not None:
            roles = {cell.key: words[role] for cell, role in zip(material.used, survey.roles, strict=True)}
        self.table.blockSignals(True)
        self.table.setRowCount(len(material.cells))
        for row, cell in enumerate(material.cells):
            use = QTableWidgetItem()
            use.setFlags(Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsEnabled)
            use.setCheckState(Qt.CheckState.Checked if material.is_used(cell) else Qt.CheckState.Unchecked)
            self.table.setItem(row, _USE, use)
            for column, text in (
                (_CELL, cell.name),
                (_CASE, Path(cell.group).name),
                (_FROM, self._origin(cell)),
                (_COUNT, f"{cell.count} / {len(cell.labels)}"),
                (_ROLE, roles.get(cell.key, "")),
            ):
                item = QTableWidgetItem(text)
                item.setToolTip(text if column != _CASE else cell.group)
                if column == _COUNT:
                    item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self.table.setItem(row, column, item)
        self.table.blockSignals(False)

    def _origin(self, cell: TeachingCell) -> str:
        if cell.origin == LIBRARY:
            return self.tr("library")
        return cell.origin or self.tr("open cell")

    def _on_item_changed(self, item: QTableWidgetItem) -> None:
        if item.column() == _USE:
            cell = self._material.cells[item.row()]
            self._material.use(cell, item.checkState() is Qt.CheckState.Checked)

    def _ask_folder(self) -> None:
        dialog = QFileDialog(self, self.tr("Folder of labelled chromosome images"))
        dialog.setObjectName("labelled_folder_dialog")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        upright = self.upright.isChecked()
        dialog.fileSelected.connect(lambda name: self._material.add_folder(Path(name), upright=upright))
        dialog.open()


class _SourceLine(QWidget):
    """What was understood of a source, and the way to be rid of it."""

    def __init__(self, source: Source, remove: Callable[[str], None]) -> None:
        super().__init__()
        words = QLabel("\n".join(line for line in source.preview.splitlines() if not _is_counts(line)), wordWrap=True)
        words.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        button = QToolButton()
        button.setText("✕")
        button.setAutoRaise(True)
        button.setToolTip(self.tr("Do not learn from it; nothing is deleted"))
        button.setAccessibleName(self.tr("Remove %s") % source.preview.partition(":")[0])
        button.clicked.connect(lambda _on: remove(source.key))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(words, 1)
        row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)


def _table(titles: tuple[str, ...]) -> QTableWidget:
    table = QTableWidget(0, len(titles))
    table.setHorizontalHeaderLabels(list(titles))
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(3 * GRID)
    table.setShowGrid(False)
    table.setAlternatingRowColors(True)
    table.setSelectionMode(QTableWidget.SelectionMode.NoSelection)
    table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
    table.setMinimumSize(52 * GRID, 20 * GRID)
    header = table.horizontalHeader()
    for column in (_USE, _COUNT, _ROLE):
        header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
    for column in (_CELL, _CASE, _FROM):
        header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    return table


def heading(text: str) -> QLabel:
    """Return the words over a part of a page."""
    label = QLabel(text)
    font = label.font()
    font.setBold(True)
    label.setFont(font)
    return label


def _is_counts(line: str) -> bool:
    """Whether a line of a preview only counts labels: the bars say it."""
    words = line.split()
    return line.startswith("  ") and bool(words) and all(word in CLASS_LABELS or word.isdecimal() for word in words)
