"""The pictures of a report: karyograms, drawn from the cell's own pixels, and files that lie beside the template."""

import base64
from collections.abc import Callable, Mapping

from PySide6.QtCore import QRectF, QSizeF
from PySide6.QtGui import QImage, QPainter

from karyogui.export.content import ExportContent
from karyogui.export.options import ExportOptions
from karyogui.export.sheet import Sheet, export_layout, paint_sheet, picture_sheet
from karyogui.export.svg import svg_bytes
from karyogui.model.report.facts import cell_of

_OPTIONS = ExportOptions(header=False)
_KINDS = {b"\x89PNG": "png", b"\xff\xd8\xff": "jpeg"}  # of files, by how they begin


class Pictures:
    """Finds a picture by its address in the template. Belongs to the thread that sets the pages."""

    def __init__(self, karyograms: Mapping[int, ExportContent], file: Callable[[str], bytes | None]) -> None:
        """`karyograms` by cell id; `file` reads a file beside the template, None if it has none of that name."""
        self._karyograms, self._file = karyograms, file
        self._sheets: dict[int, Sheet] = {}
        self._images: dict[str, QImage] = {}

    def size(self, source: str) -> QSizeF:
        """Return the size a picture has of itself; empty if there is no such picture."""
        content = self._content(source)
        if content is not None:
            sheet = self._sheet(source, content)
            return QSizeF(sheet.width, sheet.height)
        return QSizeF(self._image(source).size())

    def paint(self, painter: QPainter, source: str, rect: QRectF) -> None:
        """Paint a picture into a rectangle of its own proportions."""
        content = self._content(source)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setRenderHint(QPainter.RenderHint.LosslessImageRendering)
        if content is None:
            painter.drawImage(rect, self._image(source))
        else:
            sheet = self._sheet(source, content)
            painter.translate(rect.topLeft())
            painter.scale(rect.width() / sheet.width, rect.height() / sheet.height)
            paint_sheet(painter, sheet, content, _OPTIONS)
        painter.restore()

    def data_address(self, source: str) -> str | None:
        """Return a picture as an address that holds it all; None if there is no such picture."""
        content = self._content(source)
        if content is not None:
            return _address("svg+xml", svg_bytes(content, _OPTIONS))
        data = self._file(source)
        kind = next((kind for start, kind in _KINDS.items() if data and data.startswith(start)), None)
        return _address(kind, data) if kind and data else None

    def _content(self, source: str) -> ExportContent | None:
        cell_id = cell_of(source)
        return None if cell_id is None else self._karyograms.get(cell_id)

    def _sheet(self, source: str, content: ExportContent) -> Sheet:
        cell_id = cell_of(source) or 0
        if cell_id not in self._sheets:
            self._sheets[cell_id] = picture_sheet(export_layout(content), header=False)
        return self._sheets[cell_id]

    def _image(self, source: str) -> QImage:
        if source not in self._images:
            data = self._file(source) or b""
            known = any(data.startswith(start) for start in _KINDS)
            self._images[source] = QImage.fromData(data) if known else QImage()
        return self._images[source]


def _address(kind: str, data: bytes) -> str:
    return f"data:image/{kind};base64,{base64.b64encode(data).decode('ascii')}"
