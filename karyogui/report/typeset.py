"""Sets a report's HTML on pages, the same for the file and for the preview, and the same on every system.

Lengths are the template's px, whatever the screen; fonts come with the program and stay text; karyograms are drawn as
they are exported, every chromosome in its own pixels. Qt keeps tables, breaks pages and repeats the heads of tables.
"""

from collections.abc import Iterator

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QObject, QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QImage,
    QPageLayout,
    QPageSize,
    QPainter,
    QPalette,
    QPdfWriter,
    QPyTextObject,
    QTextBlock,
    QTextCursor,
    QTextDocument,
    QTextFormat,
)

from engine.progress import Reporter
from karyogui.editor.painting import WHITE_PAPER
from karyogui.export.fonts import export_font
from karyogui.report.page import PAPER_SIZES, PX_PER_INCH, Page
from karyogui.report.pictures import Pictures

_TEXT = 12.0
_RESOLUTION = 1200  # steps per inch of the coordinates in the file
_CAPTION = 48.0  # kept free beside a picture that is as high as the page
_MOST_BREAKS = 400
MOST_SHOWN = 60
"""Pages of a preview: each is an image in memory."""


class Typeset:
    """A report on pages. Made and used in one thread, any."""

    def __init__(self, html: str, pictures: Pictures, page: Page) -> None:
        self._page, self._area = page, page.text
        self._palette = QPalette()  # the window's, which may be bright on dark
        self._palette.setColor(QPalette.ColorRole.Text, QColor(WHITE_PAPER.ink))
        self._document = _Document()
        self._document.setUndoRedoEnabled(False)
        self._document.setDefaultFont(export_font(_TEXT))
        self._document.setUseDesignMetrics(True)  # else a line breaks where the screen's pixels want it
        self._document.setDocumentMargin(0.0)
        self._object = _PictureObject(pictures, self._area, self._document)
        self._layout = self._document.documentLayout()
        self._layout.registerHandler(QTextFormat.ObjectTypes.ImageObject.value, self._object)
        self._document.setPageSize(self._area.size())
        self._document.setHtml(html)
        _fix_sizes(self._document)
        self._keep_headings()

    @property
    def count(self) -> int:
        """Number of pages."""
        return max(1, self._document.pageCount())

    def paint(self, painter: QPainter, index: int) -> None:
        """Paint a page (0, 1, ...); the painter's coordinates are px of the paper."""
        area, shift = self._area, index * self._area.height()
        shown = QRectF(0.0, shift, area.width(), area.height())
        painter.save()
        painter.translate(area.left(), area.top() - shift)
        painter.setClipRect(shown)
        context = QAbstractTextDocumentLayout.PaintContext()
        context.clip = shown
        context.palette = self._palette
        self._layout.draw(painter, context)
        painter.restore()
        self._page.paint(painter, index + 1, self.count)

    def _keep_headings(self) -> None:
        """Bring headings to the page of what follows them."""
        for _ in range(_MOST_BREAKS):
            # All of it: Qt 6.11 leaves the blocks after a break without a line where it lays out only what changed.
            self._document.markContentsDirty(0, self._document.characterCount())
            block = next(self._left_behind(), None)
            if block is None:
                return
            cursor = QTextCursor(block)
            wanted = block.blockFormat()
            wanted.setPageBreakPolicy(QTextFormat.PageBreakFlag.PageBreak_AlwaysBefore)
            cursor.setBlockFormat(wanted)

    def _left_behind(self) -> Iterator[QTextBlock]:
        """The first of each run of headings that does not end on the page on which it began."""
        first: QTextBlock | None = None
        block = self._document.begin()
        while block.isValid():
            if block.blockFormat().headingLevel():
                first = first or block
            else:
                if first is not None and self._page_of(first) != self._page_of(block) and not _broken_before(first):
                    yield first
                first = None
            block = block.next()

    def _page_of(self, block: QTextBlock) -> int:
        top = self._layout.blockBoundingRect(block).top()
        lines = block.layout()
        if lines.lineCount():
            top += lines.lineAt(0).y()
        return int((top + 0.5) // self._area.height())


def pdf_bytes(html: str, pictures: Pictures, page: Page, title: str, creator: str, reporter: Reporter) -> bytes:
    """Return the report as PDF; the reporter hears of each page and can cancel before it."""
    pages = Typeset(html, pictures, page)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    upright = QPageLayout.Orientation.Portrait
    writer.setPageLayout(QPageLayout(QPageSize(PAPER_SIZES[page.paper]), upright, QMarginsF()))
    writer.setResolution(_RESOLUTION)
    writer.setTitle(title)
    writer.setCreator(creator)
    painter = QPainter(writer)
    try:
        painter.scale(_RESOLUTION / PX_PER_INCH, _RESOLUTION / PX_PER_INCH)
        for index in range(pages.count):
            reporter.check_cancelled()
            reporter.report(index, pages.count)
            if index:
                writer.newPage()
            pages.paint(painter, index)
    finally:
        painter.end()
    buffer.close()
    return bytes(buffer.data().data())


def page_images(html: str, pictures: Pictures, page: Page, ratio: float, reporter: Reporter) -> list[QImage]:
    """Return the first pages as images of `ratio` pixels per px, for the preview; cancel as in `pdf_bytes`."""
    pages = Typeset(html, pictures, page)
    width, height = page.size
    found = []
    for index in range(min(pages.count, MOST_SHOWN)):
        reporter.check_cancelled()
        reporter.report(index, pages.count)
        image = QImage(round(width * ratio), round(height * ratio), QImage.Format.Format_RGB32)
        image.fill(Qt.GlobalColor.white)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(ratio, ratio)
        pages.paint(painter, index)
        painter.end()
        found.append(image)
    return found


class _Document(QTextDocument):
    """Loads nothing: neither files of this computer nor anything of another one."""

    def loadResource(self, kind: int, name: object) -> object:  # noqa: N802
        return None


class _PictureObject(QPyTextObject):
    """Stands in the text for a picture."""

    def __init__(self, pictures: Pictures, area: QRectF, parent: QObject) -> None:
        super().__init__(parent)
        self._pictures, self._area = pictures, area

    def intrinsicSize(self, document: QTextDocument, position: int, text_format: QTextFormat) -> QSizeF:  # noqa: N802
        image = text_format.toImageFormat()
        own = self._pictures.size(image.name())
        if own.isEmpty():
            return QSizeF()
        width = image.width() or (image.height() * own.width() / own.height() if image.height() else own.width())
        width = min(width, self._area.width())
        height = min(width * own.height() / own.width(), self._area.height() - _CAPTION)
        return QSizeF(height * own.width() / own.height(), height)

    def drawObject(  # noqa: N802
        self, painter: QPainter, rect: QRectF | QRect, document: QTextDocument, position: int, text_format: QTextFormat
    ) -> None:
        source = text_format.toImageFormat().name()
        if not self._pictures.size(source).isEmpty():
            self._pictures.paint(painter, source, QRectF(rect))


def _broken_before(block: QTextBlock) -> bool:
    return bool(block.blockFormat().pageBreakPolicy() & QTextFormat.PageBreakFlag.PageBreak_AlwaysBefore)


def _fix_sizes(document: QTextDocument) -> None:
    """Give every letter the size the template says, in px: Qt reckons points by the screen, and forgets it for <h1>."""
    size = QTextFormat.Property
    changes = []
    block = document.begin()
    while block.isValid():
        run = block.begin()
        while not run.atEnd():
            fragment = run.fragment()
            wanted = fragment.charFormat()
            if wanted.hasProperty(size.FontPointSize.value):
                wanted.setProperty(size.FontPixelSize.value, round(wanted.fontPointSize() * PX_PER_INCH / 72))
                wanted.clearProperty(size.FontPointSize.value)
            if wanted.hasProperty(size.FontPixelSize.value):
                wanted.clearProperty(size.FontSizeAdjustment.value)
            if wanted != fragment.charFormat():
                changes.append((fragment.position(), fragment.length(), wanted))
            run += 1
        block = block.next()
    cursor = QTextCursor(document)
    for position, length, wanted in changes:
        cursor.setPosition(position)
        cursor.setPosition(position + length, QTextCursor.MoveMode.KeepAnchor)
        cursor.setCharFormat(wanted)
