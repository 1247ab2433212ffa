"""A sheet of paper: header, karyogram, footer. Numbers first, then paint; units are points (1/72 inch)."""

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from karyogui.editor.annotation_items import paint_annotations
from karyogui.editor.painting import WHITE_PAPER, PaintOptions, paint_karyogram
from karyogui.export.content import ExportContent
from karyogui.export.fonts import export_font, export_font_family
from karyogui.export.options import ExportOptions
from karyogui.model.arrangement import ARRANGEMENTS
from karyogui.model.layout import KaryogramLayout, LayoutOptions, Rect, cell_scale, compute_layout
from karyogui.model.straight import shown_cell, shown_placements
from karyogui.model.straightened_annotations import shown_annotations

_TITLE, _TEXT = 14.0, 9.0  # heights of letters
_SMALLEST = 7.0
_LEFT, _RIGHT = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
_HEADER = 40.0  # title, description, space below
_FOOTER = 24.0
_PAGE_MARGIN = 22.0  # the karyogram's own margin comes on top


@dataclass(frozen=True)
class Sheet:
    """Where header, karyogram and footer lie on the paper."""

    width: float
    height: float
    layout: KaryogramLayout
    karyogram: Rect  # the layout's paper, scaled by `scale`
    scale: float  # points of the sheet per point of the layout
    header: Rect | None
    footer: Rect | None


def export_layout(content: ExportContent) -> KaryogramLayout:
    """Return the karyogram's numbers, as on the screen but without a tray where nothing is unplaced."""
    view, cell, straights = content.view, content.cell, content.shown_straights()
    options = LayoutOptions(
        empty_tray=False,
        rows=ARRANGEMENTS[view.arrangement],
        ideograms=view.ideograms is not None,
        group_letters=view.group_letters,
    )
    if not straights:
        return compute_layout(cell, content.placements, options)
    # At the scale of the cell as it was read: straightening makes nothing smaller.
    placements = shown_placements(cell, content.placements, straights)
    return compute_layout(shown_cell(cell, straights), placements, options, scale=cell_scale(cell, options))


def picture_sheet(layout: KaryogramLayout, *, header: bool, footer: bool | None = None) -> Sheet:
    """Return a sheet just large enough for the karyogram at its own size; by default a header has a footer."""
    footer = header if footer is None else footer
    above, below = _HEADER + _TITLE if header else 0.0, _FOOTER if footer else 0.0
    height = above + layout.height + below
    karyogram = Rect(0.0, above, layout.width, layout.height)
    inner, width = layout.options.margin, layout.width - 2 * layout.options.margin
    return Sheet(
        width=layout.width,
        height=height,
        layout=layout,
        karyogram=karyogram,
        scale=1.0,
        header=Rect(inner, inner, width, _HEADER - inner + _TITLE) if header else None,
        footer=Rect(inner, height - _FOOTER, width, _FOOTER - 8.0) if footer else None,
    )


def page_sheet(
    layout: KaryogramLayout, short: float, long: float, *, header: bool, footer: bool | None = None, turn: bool = True
) -> Sheet:
    """Return a page of `short` x `long` points, or (`turn`) on its side where that shows the karyogram larger."""
    footer = header if footer is None else footer
    above, below = _HEADER + 16.0 if header else 0.0, _FOOTER + 8.0 if footer else 0.0

    def scale_on(width: float, height: float) -> float:
        return min(
            (width - 2 * _PAGE_MARGIN) / layout.width, (height - 2 * _PAGE_MARGIN - above - below) / layout.height
        )

    width, height = max([(short, long), (long, short)] if turn else [(short, long)], key=lambda page: scale_on(*page))
    scale = scale_on(width, height)
    karyogram = Rect(
        (width - scale * layout.width) / 2, _PAGE_MARGIN + above, scale * layout.width, scale * layout.height
    )
    inner = karyogram.x + scale * layout.options.margin
    text_width = width - 2 * inner
    bottom = height - _PAGE_MARGIN - 8.0
    return Sheet(
        width=width,
        height=height,
        layout=layout,
        karyogram=karyogram,
        scale=scale,
        header=Rect(inner, _PAGE_MARGIN + 16.0, text_width, _HEADER) if header else None,
        footer=Rect(inner, bottom - _FOOTER + 8.0, text_width, _FOOTER - 8.0) if footer else None,
    )


def paint_sheet(
    painter: QPainter, sheet: Sheet, content: ExportContent, options: ExportOptions, *, deep: bool = False
) -> None:
    """Paint a whole sheet; the painter's coordinates are points of the sheet. `deep`: in 16 bits of grey."""
    painter.fillRect(QRectF(0, 0, sheet.width, sheet.height), QColor(WHITE_PAPER.ground))
    painter.save()
    # Else a PDF would hold the chromosomes as JPEG.
    painter.setRenderHint(QPainter.RenderHint.LosslessImageRendering)
    painter.translate(sheet.karyogram.x, sheet.karyogram.y)
    painter.scale(sheet.scale, sheet.scale)
    look = PaintOptions(
        inverted=options.inverted,
        tone=content.view.tone,
        ideograms=content.view.ideograms,
        font_family=export_font_family(),
        deep=deep,
    )
    straights = content.shown_straights()
    enlargements = content.shown_enlargements()
    paint_karyogram(painter, sheet.layout, shown_cell(content.cell, straights), look, enlargements=enlargements)
    annotations = shown_annotations(content.cell, content.annotations, straights)
    paint_annotations(painter, annotations, sheet.layout.chromosomes, look)
    painter.restore()
    if sheet.header is not None:
        _paint_header(painter, sheet.header, content, options)
    if sheet.footer is not None:
        _paint_footer(painter, sheet.footer, content, options)


def _paint_header(painter: QPainter, rect: Rect, content: ExportContent, options: ExportOptions) -> None:
    day = content.day.isoformat()
    first = QRectF(rect.x, rect.y, rect.width, _TITLE * 1.3)
    second = QRectF(rect.x, first.bottom() + 3.0, rect.width, _TEXT * 1.4)
    right = _write(painter, first, day, _TEXT, WHITE_PAPER.ink, _RIGHT)
    title = first.adjusted(0, 0, -right - 12.0, 0)
    _write(painter, title, content.title, _title_size(content.title, title.width()), WHITE_PAPER.ink, _LEFT, bold=True)
    _write(painter, second, content.description(options), _TEXT, WHITE_PAPER.ink, _LEFT)


def _paint_footer(painter: QPainter, rect: Rect, content: ExportContent, options: ExportOptions) -> None:
    painter.setPen(QPen(QColor(WHITE_PAPER.quiet), 0.5))
    painter.drawLine(QLineF(rect.x, rect.y, rect.right, rect.y))
    line = QRectF(rect.x, rect.y + 4.0, rect.width, _TEXT * 1.4)
    if not options.header:  # the karyogram alone: which pixels it is made of stays with it
        _write(painter, line, content.pixels(), _TEXT - 1.0, WHITE_PAPER.ink, _LEFT)
        return
    purpose = QCoreApplication.translate("Export", "Research use only")
    right = _write(painter, line, purpose, _TEXT - 1.0, WHITE_PAPER.ink, _RIGHT)
    left = line.adjusted(0, 0, -right - 12.0, 0)
    _write(painter, left, content.origin(options), _TEXT - 1.0, WHITE_PAPER.ink, _LEFT)


def _title_size(title: str, width: float) -> float:
    """Return the height of letters at which a title fits: a long karyotype gets smaller letters, not fewer."""
    size = _TITLE
    while size > _SMALLEST and QFontMetricsF(export_font(size, bold=True)).horizontalAdvance(title) > width:
        size -= 1.0
    return size


def _write(
    painter: QPainter,
    rect: QRectF,
    text: str,
    size: float,
    colour: str,
    side: Qt.AlignmentFlag,
    *,
    bold: bool = False,
) -> float:
    """Write one line, shortened in the middle where it does not fit; return the width it took."""
    font = export_font(size, bold=bold)
    metrics = QFontMetricsF(font)
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, rect.width())
    painter.setFont(font)
    painter.setPen(QColor(colour))
    painter.drawText(rect, int(side | Qt.AlignmentFlag.AlignBottom | Qt.TextFlag.TextSingleLine), shown)
    return metrics.horizontalAdvance(shown)
