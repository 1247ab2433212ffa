"""The list of opened cells: picture, name, state, karyotype."""

from PySide6.QtCore import QCoreApplication, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from karyogui.document import KaryogramDocument
from karyogui.editor.painting import paint_karyogram
from karyogui.model.layout import compute_layout
from karyogui.session import CellState, OpenCell, Session
from karyogui.theme import GRID

_THUMB = QSize(12 * GRID, 9 * GRID)
_CELL_ID = Qt.ItemDataRole.UserRole
_STATE = Qt.ItemDataRole.UserRole + 1
_DELAY_MS = 150  # a gesture that changes forty placements draws one thumbnail


def state_lines(entry: OpenCell) -> list[str]:
    """Return the state in a word or two, or the karyotype once there is one and what is left to review."""
    words = {
        CellState.READING: _tr("reading…"),
        CellState.NEW: _tr("not classified"),
        CellState.CLASSIFYING: _tr("classifying…"),
        CellState.CLASSIFIED: _tr("classified"),
        CellState.FAILED: _tr("cannot be read"),
    }
    karyotype = entry.document.karyotype_text()
    if entry.state is not CellState.CLASSIFIED or not karyotype:
        return [words[entry.state]]
    to_review = len(entry.document.ids_to_review())
    return [karyotype, _tr("%d to review") % to_review if to_review else _tr("no doubts")]


class CellsPanel(QWidget):
    """Shows the session's cells; a click shows the cell."""

    close_requested = Signal(int)  # cell id

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._stale: set[int] = set()
        self.list = QListWidget(self)
        self.list.setFrameShape(QListWidget.Shape.NoFrame)
        self.list.viewport().setBackgroundRole(QPalette.ColorRole.Window)
        self.list.setItemDelegate(_CellDelegate(self.list))
        self.list.setIconSize(_THUMB)
        self.list.setUniformItemSizes(True)
        self.list.setAccessibleName(self.tr("Cells"))
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.list)
        self._timer = QTimer(self, singleShot=True, interval=_DELAY_MS)
        self._timer.timeout.connect(self._draw_stale)
        self.list.currentItemChanged.connect(self._on_row_chosen)
        session.cell_added.connect(self._on_added)
        session.cell_changed.connect(self._on_changed)
        session.cell_removed.connect(self._on_removed)
        session.current_changed.connect(self._on_current_changed)

    def item(self, cell_id: int) -> QListWidgetItem:
        """Return the row of a cell; `KeyError` if it has none."""
        for row in range(self.list.count()):
            item = self.list.item(row)
            if item.data(_CELL_ID) == cell_id:
                return item
        raise KeyError(cell_id)

    def _on_added(self, cell_id: int) -> None:
        item = QListWidgetItem(self._session.cell(cell_id).name)
        item.setData(_CELL_ID, cell_id)
        self.list.addItem(item)
        self._on_changed(cell_id)

    def _on_changed(self, cell_id: int) -> None:
        self._stale.add(cell_id)
        if not self._timer.isActive():
            self._timer.start()
        entry, item = self._session.cell(cell_id), self.item(cell_id)
        item.setText(f"{entry.name} •" if entry.has_changes() else entry.name)
        item.setData(_STATE, state_lines(entry))
        where = str(entry.files[0].parent) if entry.files else ""
        lines = [entry.name, *state_lines(entry), entry.message, where]
        if entry.has_changes():
            lines.append(self.tr("• changed since it was opened or exported"))
        item.setToolTip("\n".join(line for line in lines if line))

    def _on_removed(self, cell_id: int) -> None:
        self._stale.discard(cell_id)
        self.list.blockSignals(True)  # the session says which cell comes next
        self.list.takeItem(self.list.row(self.item(cell_id)))
        self.list.blockSignals(False)

    def _on_current_changed(self, cell_id: int | None) -> None:
        self.list.blockSignals(True)
        if cell_id is None:
            self.list.clearSelection()
        else:
            self.list.setCurrentItem(self.item(cell_id))
        self.list.blockSignals(False)

    def _on_row_chosen(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self._session.set_current(item.data(_CELL_ID))

    def _draw_stale(self) -> None:
        stale, self._stale = self._stale, set()
        for cell_id in stale:
            entry = self._session.cell(cell_id)
            self.item(cell_id).setData(
                Qt.ItemDataRole.DecorationRole, thumbnail(entry.document, _THUMB, self.devicePixelRatioF())
            )


def thumbnail(document: KaryogramDocument, size: QSize, ratio: float) -> QPixmap:
    """Draw the karyogram small, on its paper; grey paper while there is no cell."""
    image = QImage(size * ratio, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white if document.cell() else Qt.GlobalColor.lightGray)
    cell = document.cell()
    if cell is not None:
        layout = compute_layout(cell, document.placements())
        painter = QPainter(image)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        scale = min(image.width() / layout.width, image.height() / layout.height)
        painter.translate((image.width() - layout.width * scale) / 2, (image.height() - layout.height * scale) / 2)
        painter.scale(scale, scale)
        paint_karyogram(painter, layout, cell)
        painter.end()
    pixmap = QPixmap.fromImage(image)
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


class _CellDelegate(QStyledItemDelegate):
    """Thumbnail left, name and state beside it."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        palette = option.palette
        painter.save()
        if selected:
            painter.fillRect(option.rect, palette.color(QPalette.ColorRole.Midlight))
            bar = QRect(option.rect.topLeft(), QSize(3, option.rect.height()))
            painter.fillRect(bar, palette.color(QPalette.ColorRole.Highlight))
        picture = index.data(Qt.ItemDataRole.DecorationRole)
        inner = option.rect.adjusted(GRID + 3, GRID, -GRID, -GRID)
        if isinstance(picture, QPixmap):
            painter.drawPixmap(inner.topLeft(), picture)
            painter.setPen(palette.color(QPalette.ColorRole.Mid))
            painter.drawRect(QRect(inner.topLeft(), _THUMB).adjusted(0, 0, -1, -1))
        text = inner.adjusted(_THUMB.width() + GRID, 0, 0, 0)
        metrics = option.fontMetrics
        lines = [(str(index.data(Qt.ItemDataRole.DisplayRole)), QPalette.ColorRole.Text)]
        lines += [(line, QPalette.ColorRole.PlaceholderText) for line in index.data(_STATE) or ()]
        painter.setFont(option.font)
        for number, (line, role) in enumerate(lines):
            painter.setPen(palette.color(role))
            place = text.adjusted(0, number * (metrics.lineSpacing() + GRID // 2), 0, 0)
            shown = metrics.elidedText(line, Qt.TextElideMode.ElideMiddle, place.width())
            painter.drawText(place, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop), shown)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(_THUMB.width() + 14 * GRID, _THUMB.height() + 2 * GRID)


def _tr(text: str) -> str:
    return QCoreApplication.translate("CellsPanel", text)
