"""The karyogram as PNG and TIFF, and as an image for the clipboard and previews."""

from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QCoreApplication, QIODevice
from PySide6.QtGui import QImage, QImageWriter, QPainter

from karyogui.export.content import Exportable, ExportContent, content_of
from karyogui.export.files import ExportError, write_file
from karyogui.export.options import DPI_RANGE, ExportOptions
from karyogui.export.sheet import export_layout, paint_sheet, picture_sheet

_POINTS_PER_INCH = 72.0
_TIFF_LZW = 1


def export_png(
    path: Path, document: Exportable, *, dpi: int | None = None, options: ExportOptions | None = None
) -> None:
    """Write the karyogram as PNG in grey, 8 or 16 bit.

    `dpi` (default: of the options) gives the pixels and stands in the file.

    Raises
    ------
    ExportError
        No cell is open, or the file cannot be written; the old file stays.
    """
    _export_raster(path, document, "png", dpi, options)


def export_tiff(
    path: Path, document: Exportable, *, dpi: int | None = None, options: ExportOptions | None = None
) -> None:
    """Write the karyogram as TIFF with LZW; as `export_png` otherwise."""
    _export_raster(path, document, "tiff", dpi, options)


def render_image(content: ExportContent, options: ExportOptions, *, dpi: float | None = None) -> QImage:
    """Paint the sheet as an image of `dpi` (default: of the options); for files, clipboard and previews.

    Raises
    ------
    ExportError
        There is not enough memory for so many pixels.
    """
    dpi = float(options.dpi if dpi is None else dpi)
    sheet = picture_sheet(export_layout(content), header=options.header, footer=content.has_footer(options))
    width, height = pixel_size(sheet.width, sheet.height, dpi)
    deep = options.depth == 16
    image = QImage(width, height, QImage.Format.Format_RGBX64 if deep else QImage.Format.Format_RGB32)
    if image.isNull():
        raise ExportError(_tr("%d x %d pixels are too many for this computer; choose fewer dpi.") % (width, height))
    per_metre = round(dpi / 0.0254)
    image.setDotsPerMeterX(per_metre)
    image.setDotsPerMeterY(per_metre)
    painter = QPainter(image)
    painter.scale(width / sheet.width, height / sheet.height)
    paint_sheet(painter, sheet, content, options, deep=deep)
    painter.end()
    return image


def pixel_size(width: float, height: float, dpi: float) -> tuple[int, int]:
    """Return the pixels of a sheet of `width` x `height` points."""
    return round(width / _POINTS_PER_INCH * dpi), round(height / _POINTS_PER_INCH * dpi)


def _export_raster(path: Path, document: Exportable, kind: str, dpi: int | None, options: ExportOptions | None) -> None:
    options = options or ExportOptions()
    low, high = DPI_RANGE
    if dpi is not None and not low <= dpi <= high:
        raise ExportError(_tr("%d dpi cannot be exported; choose %d to %d.") % (dpi, low, high))
    # Nothing on the sheet has a colour; grey is written three times faster.
    grey = QImage.Format.Format_Grayscale16 if options.depth == 16 else QImage.Format.Format_Grayscale8
    image = render_image(content_of(document), options, dpi=dpi).convertToFormat(grey)
    buffer = _open_buffer()
    writer = QImageWriter(buffer, kind.encode())
    if kind == "tiff":
        writer.setCompression(_TIFF_LZW)
    if not writer.write(image):
        raise ExportError(_tr("%s could not be written: %s.") % (path.name, writer.errorString()))
    write_file(path, _taken(buffer))


def _open_buffer() -> QBuffer:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    return buffer


def _taken(buffer: QBuffer) -> bytes:
    buffer.close()
    data: QByteArray = buffer.data()
    return bytes(data.data())


def _tr(text: str) -> str:
    return QCoreApplication.translate("Export", text)
