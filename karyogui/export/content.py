"""What of the document goes into an exported file: frozen values, taken at one moment."""

from dataclasses import dataclass
from datetime import date
from importlib.metadata import version

from PySide6.QtCore import QCoreApplication

from engine.types import BundleRef
from karyogui.document import KaryogramDocument
from karyogui.export.files import ExportError
from karyogui.export.fonts import export_font_family
from karyogui.model.cell import Cell
from karyogui.model.karyogram import Placement


@dataclass(frozen=True, eq=False)
class ExportContent:
    """A cell as it is exported; may be handed to another thread."""

    cell: Cell
    placements: tuple[Placement, ...]
    karyotype: str  # empty while nothing is placed
    bundle: BundleRef | None
    to_review: int  # chromosomes nobody has looked at though the engine was unsure
    day: date

    @property
    def title(self) -> str:
        """The karyotype, or the cell's name where nothing is placed."""
        return self.karyotype or self.cell.name

    def description(self) -> str:
        """One line on the cell: name, stain, counts, what is still open."""
        placed = sum(placement.label is not None for placement in self.placements)
        stain = _tr("G bands") if self.cell.stain == "g" else _tr("Q bands")
        parts = [self.cell.name, stain, _tr("%d of %d chromosomes placed") % (placed, len(self.placements))]
        if self.to_review:
            parts.append(_tr("%d not reviewed") % self.to_review)
        return "  ·  ".join(parts)

    def origin(self) -> str:
        """One line on where the picture comes from: program, model, state of the pixels."""
        model = f"{self.bundle.name} {self.bundle.version}" if self.bundle else _tr("placed by hand")
        return "  ·  ".join([f"karyogui {version('karyogui')}", model, _tr("original pixels")])


Exportable = KaryogramDocument | ExportContent
"""What the exporters take: the document in the GUI thread, or what was taken from it, in any thread."""


def content_of(document: Exportable) -> ExportContent:
    """Take what is exported from the document.

    Raises
    ------
    ExportError
        No cell is open.
    """
    if isinstance(document, ExportContent):
        return document
    cell = document.cell()
    if cell is None:
        raise ExportError(_tr("There is no cell to export; open one first."))
    export_font_family()  # registered here, in the GUI thread, whichever thread paints
    return ExportContent(
        cell=cell,
        placements=document.placements(),
        karyotype=document.karyotype_text(),
        bundle=document.bundle(),
        to_review=len(document.ids_to_review()),
        day=date.today(),  # noqa: DTZ011 - the day on the wall of the laboratory
    )


def _tr(text: str) -> str:
    return QCoreApplication.translate("Export", text)
