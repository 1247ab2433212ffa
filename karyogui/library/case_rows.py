"""Rows of the case view: what they say, and how they are painted."""

from enum import Enum

from PySide6.QtCore import QCoreApplication, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPalette, QPixmap, QStandardItem
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTreeView

from karyogui.model.store.values import CaseSummary, CellRecord, State
from karyogui.theme import GRID

THUMB = QSize(12 * GRID, 9 * GRID)
KIND = Qt.ItemDataRole.UserRole
ID = Qt.ItemDataRole.UserRole + 1  # of the case, of the cell in the library, or in the session
LINES = Qt.ItemDataRole.UserRole + 2  # list[str] below the name
SHARE = Qt.ItemDataRole.UserRole + 3  # float | None: how far its classification is


class Kind(Enum):
    """What a row stands for."""

    CASE = "case"
    CELL = "cell"
    LOOSE_CELLS = "loose cells"  # the group of opened cells that are in no case
    LOOSE_CELL = "loose cell"
    WAIT = "wait"  # in the place of cells that are being fetched


def state_word(state: State) -> str:
    """Return the state in the user's language."""
    return {
        State.NEW: _tr("new"),
        State.CLASSIFIED: _tr("classified"),
        State.IN_REVIEW: _tr("in review"),
        State.REVIEWED: _tr("reviewed"),
        State.APPROVED: _tr("approved"),
    }[state]


def case_lines(summary: CaseSummary) -> list[str]:
    """Return what a case's row says below its code."""
    if not summary.cells:
        return [_tr("no cells yet")]
    number = _tr("1 cell") if summary.cells == 1 else _tr("%d cells") % summary.cells
    if len(summary.states) == 1:
        (state,) = summary.states
        states = state_word(state)
    else:
        states = ", ".join(f"{summary.states[state]} {state_word(state)}" for state in State if state in summary.states)
    return [f"{number} · {states}"]


def case_tip(summary: CaseSummary) -> str:
    """Return the tooltip of a case's row."""
    karyotypes = [f"{text} [{number}]" for text, number in summary.karyotypes.items()]
    made = summary.case.created.astimezone().strftime("%Y-%m-%d")
    lines = [summary.case.code, *case_lines(summary), summary.case.karyotype, *karyotypes[:5], _tr("made %s") % made]
    return "\n".join(line for line in lines if line)


def cell_lines(record: CellRecord) -> list[str]:
    """Return what a cell's row says below its name."""
    return [record.karyotype, state_word(record.state)] if record.karyotype else [state_word(record.state)]


def make_item(kind: Kind, number: int, text: str, lines: list[str], tip: str = "") -> QStandardItem:
    """Return a row."""
    item = QStandardItem(text)
    item.setEditable(False)
    item.setData(kind, KIND)
    item.setData(number, ID)
    item.setData(lines, LINES)
    item.setToolTip(tip or "\n".join([text, *lines]))
    item.setData(", ".join([text, *lines]), Qt.ItemDataRole.AccessibleTextRole)
    return item


def show_record(item: QStandardItem, record: CellRecord) -> None:
    """Let a row say what the library knows of its cell."""
    lines = cell_lines(record)
    item.setText(record.name)
    item.setData(lines, LINES)
    item.setToolTip("\n".join([record.name, *lines, _tr("%d chromosomes") % record.chromosomes]))
    item.setData(", ".join([record.name, *lines]), Qt.ItemDataRole.AccessibleTextRole)


class RowDelegate(QStyledItemDelegate):
    """A case: its code and a line. A cell: its picture, name, karyotype and state, and a bar while it is classified."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        painter.save()
        rect, palette = option.rect, option.palette
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, palette.color(QPalette.ColorRole.Midlight))
            painter.fillRect(
                QRect(rect.topLeft(), QSize(3, rect.height())), palette.color(QPalette.ColorRole.Highlight)
            )
        inner = rect.adjusted(GRID // 2 + 3, GRID // 2, -GRID // 2, -GRID // 2)
        kind = index.data(KIND)
        if kind in (Kind.CELL, Kind.LOOSE_CELL):
            self._picture(painter, palette, inner, index.data(Qt.ItemDataRole.DecorationRole))
            inner = inner.adjusted(THUMB.width() + GRID, 0, 0, 0)
        font = option.font
        font.setBold(kind is Kind.CASE)
        lines = [(str(index.data(Qt.ItemDataRole.DisplayRole)), QPalette.ColorRole.Text)]
        lines += [(line, QPalette.ColorRole.PlaceholderText) for line in index.data(LINES) or ()]
        step = option.fontMetrics.lineSpacing() + GRID // 4
        for number, (line, role) in enumerate(lines):
            painter.setFont(font if number == 0 else option.widget.font())
            painter.setPen(palette.color(role))
            place = QRect(inner.left(), inner.top() + number * step, inner.width(), step)
            shown = painter.fontMetrics().elidedText(line, Qt.TextElideMode.ElideMiddle, place.width())
            painter.drawText(place, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop), shown)
        share = index.data(SHARE)
        if share is not None:
            bar = QRect(inner.left(), inner.bottom() - GRID // 2, inner.width(), GRID // 2)
            painter.fillRect(bar, palette.color(QPalette.ColorRole.Mid))
            bar.setWidth(round(bar.width() * share))
            painter.fillRect(bar, palette.color(QPalette.ColorRole.Highlight))
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        line = option.fontMetrics.lineSpacing() + GRID // 4
        if index.data(KIND) in (Kind.CELL, Kind.LOOSE_CELL):
            return QSize(THUMB.width() + 10 * GRID, THUMB.height() + GRID)
        return QSize(16 * GRID, line * (1 + len(index.data(LINES) or ())) + GRID)

    def _picture(self, painter: QPainter, palette: QPalette, inner: QRect, picture: object) -> None:
        frame = QRect(inner.topLeft(), THUMB)
        painter.fillRect(frame, Qt.GlobalColor.white if isinstance(picture, QPixmap) else Qt.GlobalColor.lightGray)
        if isinstance(picture, QPixmap):
            size = picture.deviceIndependentSize().toSize().scaled(THUMB, Qt.AspectRatioMode.KeepAspectRatio)
            place = QRect(frame.topLeft(), size)
            place.moveCenter(frame.center())
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawPixmap(place, picture)
        painter.setPen(palette.color(QPalette.ColorRole.Mid))
        painter.drawRect(frame.adjusted(0, 0, -1, -1))


class CaseTree(QTreeView):
    """The style would fill the indentation of the chosen row with its accent."""

    def drawBranches(self, painter: QPainter, rect: QRect, index: QModelIndex | QPersistentModelIndex) -> None:  # noqa: N802
        painter.fillRect(rect, self.palette().color(QPalette.ColorRole.Window))
        if not index.parent().isValid():
            super().drawBranches(painter, rect, index)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Cases", text)
