"""The karyogram as SVG: chromosomes in their own pixels, text as outlines.

Outlines and not an embedded font: drawing programs leave embedded fonts aside and take another one, and the report
would look different on each system. What was written stays readable for search and for screen readers.
"""

from pathlib import Path
from xml.etree import ElementTree as ET

from PySide6.QtCore import QBuffer, QIODevice, QPointF, QRectF, QSizeF
from PySide6.QtGui import QPainter, QPainterPath
from PySide6.QtSvg import QSvgGenerator

from karyogui.export.content import Exportable, ExportContent, content_of
from karyogui.export.files import write_file
from karyogui.export.fonts import export_font
from karyogui.export.options import ExportOptions
from karyogui.export.sheet import export_layout, paint_sheet, picture_sheet

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_BOLD_FROM = 600  # of the weights 100..900
_POINTS_PER_INCH = 72


def export_svg(path: Path, document: Exportable, *, options: ExportOptions | None = None) -> None:
    """Write the karyogram as SVG. Raises as `export_png`."""
    write_file(path, svg_bytes(content_of(document), options or ExportOptions()))


def svg_bytes(content: ExportContent, options: ExportOptions) -> bytes:
    """Return the karyogram as the bytes of an SVG file."""
    sheet = picture_sheet(export_layout(content), header=options.header, footer=content.has_footer(options))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setResolution(_POINTS_PER_INCH)
    generator.setSize(QSizeF(sheet.width, sheet.height).toSize())
    generator.setViewBox(QRectF(0, 0, sheet.width, sheet.height))
    generator.setTitle(content.title)
    generator.setDescription(f"{content.description(options)}  ·  {content.origin(options)}")
    painter = QPainter(generator)
    paint_sheet(painter, sheet, content, options)
    painter.end()
    buffer.close()
    return with_outlines(bytes(buffer.data().data()))


def with_outlines(svg: bytes) -> bytes:
    """Return an SVG of Qt's generator with every text as a path, which names what it says.

    The text must be in the font of exports, for that is the one the outlines are taken from.
    """
    ET.register_namespace("", _SVG)
    ET.register_namespace("xlink", _XLINK)
    root = ET.fromstring(svg)  # noqa: S314 - what Qt has just written
    for text in list(root.iter(f"{{{_SVG}}}text")):
        words = "".join(text.itertext())
        bold = int(text.get("font-weight", "400")) >= _BOLD_FROM
        font = export_font(float(text.get("font-size", "1")), bold=bold)
        path = QPainterPath()
        path.addText(QPointF(float(text.get("x", "0")), float(text.get("y", "0"))), font, words)
        kept = {name: value for name in ("fill", "fill-opacity", "stroke") if (value := text.get(name)) is not None}
        tail = text.tail
        text.clear()
        text.tag, text.tail = f"{{{_SVG}}}path", tail
        text.attrib.update(kept)
        text.set("d", _path_data(path))
        text.set("fill-rule", "nonzero")
        text.set("role", "img")
        text.set("aria-label", words)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _path_data(path: QPainterPath) -> str:
    """The outline in SVG's words; curves are cubic in Qt, three elements each."""
    kinds = QPainterPath.ElementType
    words = {kinds.MoveToElement: "M", kinds.LineToElement: "L", kinds.CurveToElement: "C"}
    parts = []
    for index in range(path.elementCount()):
        element = path.elementAt(index)
        parts.append(f"{words.get(element.type, ' ')}{element.x:.3f} {element.y:.3f}")
    return "".join(parts)
