"""The karyogram as a page, PDF or printed: vector text with embedded fonts, each chromosome in its own pixels."""

from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

from PySide6.QtCore import QBuffer, QCoreApplication, QIODevice, QMarginsF
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter, QPdfWriter
from PySide6.QtPrintSupport import QPrinter

from karyogui.export.content import Exportable, ExportContent, content_of
from karyogui.export.files import ExportError, write_file
from karyogui.export.options import PAGES, ExportOptions, PageName
from karyogui.export.sheet import Sheet, export_layout, page_sheet, paint_sheet

_SIZES = {"A4": QPageSize.PageSizeId.A4, "Letter": QPageSize.PageSizeId.Letter}
_RESOLUTION = 1200  # steps per inch of the coordinates in the file; the images keep their own pixels


def export_pdf(
    path: Path, document: Exportable, *, page: PageName | None = None, options: ExportOptions | None = None
) -> None:
    """Write the karyogram as one page, upright or on its side, whichever shows it larger.

    Raises
    ------
    ExportError
        No cell is open, the page is unknown, or the file cannot be written; the old file stays.
    """
    options, content = options or ExportOptions(), content_of(document)
    page = page or options.page
    if page not in PAGES:
        raise ExportError(_tr("%s is no page size; choose %s.") % (page, " / ".join(PAGES)))
    sheet = _page(content, replace(options, page=page))
    orientation = _orientation(sheet)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setPageLayout(QPageLayout(QPageSize(_SIZES[page]), orientation, QMarginsF()))
    writer.setResolution(_RESOLUTION)
    writer.setTitle(f"{content.cell.name}: {content.karyotype}" if content.karyotype else content.cell.name)
    writer.setCreator(f"karyogui {version('karyogui')}")
    painter = QPainter(writer)
    painter.scale(writer.width() / sheet.width, writer.height() / sheet.height)
    paint_sheet(painter, sheet, content, options)
    painter.end()
    buffer.close()
    write_file(path, bytes(buffer.data().data()))


def page_image(content: ExportContent, options: ExportOptions) -> QImage:
    """Paint the page as an image of one pixel per point, for previews."""
    sheet = _page(content, options)
    image = QImage(round(sheet.width), round(sheet.height), QImage.Format.Format_RGB32)
    painter = QPainter(image)
    painter.scale(image.width() / sheet.width, image.height() / sheet.height)
    paint_sheet(painter, sheet, content, options)
    painter.end()
    return image


def page_orientation(content: ExportContent, options: ExportOptions) -> QPageLayout.Orientation:
    """Return which way round a page shows the karyogram larger."""
    return _orientation(_page(content, options))


def paint_on_printer(printer: QPrinter, content: ExportContent, options: ExportOptions) -> None:
    """Paint the karyogram on the paper of a printer, whose orientation is left as it was chosen.

    Raises
    ------
    ExportError
        The printer cannot be used.
    """
    paper = printer.pageLayout().fullRectPoints()
    sheet = _sheet(content, options, paper.width(), paper.height(), turn=False)
    printer.setFullPage(True)
    painter = QPainter()
    if not painter.begin(printer):
        raise ExportError(_tr("The printer %s cannot be used; choose another one.") % printer.printerName())
    pixels = printer.pageLayout().fullRectPixels(printer.resolution())
    painter.scale(pixels.width() / sheet.width, pixels.height() / sheet.height)
    paint_sheet(painter, sheet, content, options)
    painter.end()


def _orientation(sheet: Sheet) -> QPageLayout.Orientation:
    on_its_side = sheet.width > sheet.height
    return QPageLayout.Orientation.Landscape if on_its_side else QPageLayout.Orientation.Portrait


def _page(content: ExportContent, options: ExportOptions) -> Sheet:
    points = QPageSize(_SIZES[options.page]).sizePoints()
    return _sheet(content, options, points.width(), points.height())


def _sheet(content: ExportContent, options: ExportOptions, short: float, long: float, *, turn: bool = True) -> Sheet:
    footer = content.has_footer(options)
    return page_sheet(export_layout(content), short, long, header=options.header, footer=footer, turn=turn)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Export", text)
