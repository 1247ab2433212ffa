"""What of the document goes into an exported file: frozen values, taken at one moment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib.metadata import version

from PySide6.QtCore import QCoreApplication

from engine.types import BundleRef
from karyogui.document import KaryogramDocument
from karyogui.export.files import ExportError
from karyogui.export.fonts import export_font_family
from karyogui.export.options import ExportOptions
from karyogui.model.annotation import Annotation
from karyogui.model.cell import Cell
from karyogui.model.enlarged import Enlargements, enlarged_of
from karyogui.model.karyogram import Placement
from karyogui.model.straight import Straight, Straights, shown_cell
from karyogui.model.tone import AS_SCANNED
from karyogui.model.view_settings import ViewSettings

_AS_SCANNED = ViewSettings()


@dataclass(frozen=True, eq=False)
class ExportContent:
    """A cell as it is exported; may be handed to another thread."""

    cell: Cell
    placements: tuple[Placement, ...]
    karyotype: str  # empty while nothing is placed
    bundle: BundleRef | None
    to_review: int  # chromosomes nobody has looked at though the engine was unsure
    day: date
    reviewed: bool = False  # nothing is left to look at: fit for a report
    annotations: tuple[Annotation, ...] = ()
    view: ViewSettings = _AS_SCANNED  # how it is looked at; exports show the same, but for `inverted`
    straights: Mapping[int, Straight] = field(default_factory=dict)  # for a straightened view
    enlargements: Enlargements = field(default_factory=dict)  # the chromosomes that are shown super-resolved

    @property
    def title(self) -> str:
        """The karyotype, or the cell's name where nothing is placed."""
        return self.karyotype or self.cell.name

    def description(self, options: ExportOptions) -> str:
        """One line on the cell: case, name, stain, band level, counts, what is still open."""
        placed = sum(placement.label is not None for placement in self.placements)
        parts = [_tr("Case %s") % options.case] if options.case else []
        parts += [self.cell.name, _tr("G bands") if self.cell.stain == "g" else _tr("Q bands")]
        if options.band_level is not None:
            parts.append(_tr("band level %d") % options.band_level)
        parts.append(_tr("%d of %d chromosomes placed") % (placed, len(self.placements)))
        if self.reviewed:
            looked_at = any(placement.accepted for placement in self.placements)
            parts.append(_tr("reviewed") if looked_at else _tr("no doubts"))
        else:
            parts.append(_tr("%d not reviewed") % self.to_review if self.to_review else _tr("not reviewed"))
        return _SEPARATOR.join(parts)

    def origin(self, options: ExportOptions) -> str:
        """One line on where the picture comes from: program, model, and all that was done to how it looks."""
        model = f"{self.bundle.name} {self.bundle.version}" if self.bundle else _tr("placed by hand")
        return _SEPARATOR.join([f"karyogui {version('karyogui')}", model, self.looks(options)])

    def looks(self, options: ExportOptions) -> str:
        """Which pixels are shown, original or super-resolved, and what else was done to their look."""
        tone, parts = self.view.tone, [self.pixels()]
        if self.shown_straights():
            parts.append(_tr("straightened"))
        if tone.contrast:
            parts.append(_tr("contrast %+d %%") % round(100 * tone.contrast))
        if tone.gamma != AS_SCANNED.gamma:
            parts.append(_tr("gamma %.2f") % tone.gamma)
        if tone.sharpening:
            parts.append(_tr("sharpened %d %%") % round(100 * tone.sharpening))
        if options.inverted:
            parts.append(_tr("inverted"))
        return ", ".join(parts)

    def pixels(self) -> str:
        """Say which pixels are shown, and by which bundle they were made where they are not the original ones."""
        shown = self.shown_enlargements()
        if not shown:
            return _tr("original pixels")
        bundles = ", ".join(sorted({enlarged.made_by for enlarged in shown.values()}))
        if len(shown) == len(self.cell.chromosomes):
            return _tr("super-resolved by %s") % bundles
        return _tr("%d of %d chromosomes super-resolved (SR) by %s") % (len(shown), len(self.cell.chromosomes), bundles)

    def has_footer(self, options: ExportOptions) -> bool:
        """Whether something stands below the karyogram: super-resolved pixels are named even without a header."""
        return options.header or bool(self.shown_enlargements())

    def shown_enlargements(self) -> Enlargements:
        """Return the super-resolved looks of the pixels that are exported."""
        cell = shown_cell(self.cell, self.shown_straights())
        found = {c.id: enlarged_of(c, self.enlargements) for c in cell.chromosomes}
        return {chromosome_id: enlarged for chromosome_id, enlarged in found.items() if enlarged is not None}

    def shown_straights(self) -> Straights:
        """Return the straightened looks, if the view asks for them."""
        return self.straights if self.view.straightened else {}


_SEPARATOR = "  ·  "

Exportable = KaryogramDocument | ExportContent
"""What the exporters take: the document in the GUI thread, or what was taken from it, in any thread."""


def content_of(
    document: Exportable,
    view: ViewSettings | None = None,
    straights: Straights | None = None,
    enlargements: Enlargements | None = None,
) -> ExportContent:
    """Take what is exported from the document.

    Parameters
    ----------
    view, straights
        How the karyogram is looked at, and the straightened looks of its chromosomes; by default as scanned.
    enlargements
        The super-resolved looks of the chromosomes that are shown so; by default none.

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
        reviewed=document.reviewed,
        annotations=document.annotations(),
        view=view or _AS_SCANNED,
        straights=straights or {},
        enlargements=enlargements or {},
    )


def _tr(text: str) -> str:
    return QCoreApplication.translate("Export", text)
