"""One way in for all formats."""

from pathlib import Path

from karyogui.export.content import Exportable
from karyogui.export.options import ExportOptions
from karyogui.export.pdf import export_pdf
from karyogui.export.picture import export_png, export_tiff
from karyogui.export.svg import export_svg
from karyogui.export.table import export_csv, export_json


def export_file(path: Path, document: Exportable, options: ExportOptions) -> None:
    """Write the open cell in the format of the options.

    Raises
    ------
    ExportError
        No cell is open, or the file cannot be written; the old file stays.
    """
    match options.format:
        case "png":
            export_png(path, document, options=options)
        case "tiff":
            export_tiff(path, document, options=options)
        case "pdf":
            export_pdf(path, document, options=options)
        case "svg":
            export_svg(path, document, options=options)
        case "csv":
            export_csv(path, document)
        case "json":
            export_json(path, document)
