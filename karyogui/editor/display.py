"""How the document is shown: view settings turned into paint and layout options, and the straightened look."""

from collections.abc import Iterable
from dataclasses import replace

from PySide6.QtGui import QImage

from karyogui.document import KaryogramDocument
from karyogui.editor.painting import PaintOptions, chromosome_image
from karyogui.model.arrangement import ARRANGEMENTS
from karyogui.model.cell import Cell, Chromosome
from karyogui.model.enlarged import Enlarged, Enlargements, enlarged_of
from karyogui.model.karyogram import Placement
from karyogui.model.layout import KaryogramLayout, LayoutOptions, cell_scale, compute_layout
from karyogui.model.straight import Straights, centromere_behind, shown_cell, shown_placements, straight_of
from karyogui.model.view_settings import ViewSettings


class Display:
    """Between the document and the scene; it never changes the document."""

    def __init__(self, document: KaryogramDocument) -> None:
        self._document = document
        self.settings = ViewSettings()
        self.options = PaintOptions(marks=True, places=True)
        self._layout_options = LayoutOptions()
        self._straights: Straights = {}
        self._enlargements: Enlargements = {}
        self._shown: tuple[Cell, Straights, Cell] | None = None  # cell, straights, and the cell as shown with them

    def set_settings(self, settings: ViewSettings) -> None:
        """Show the karyogram another way from now on."""
        self.settings = settings
        self.options = replace(
            self.options, inverted=settings.inverted, tone=settings.tone, ideograms=settings.ideograms
        )
        self._layout_options = replace(
            self._layout_options,
            rows=ARRANGEMENTS[settings.arrangement],
            ideograms=settings.ideograms is not None,
            group_letters=settings.group_letters,
        )

    def set_straights(self, straights: Straights) -> None:
        """Take over straightened looks, for when they are asked for."""
        self._straights = straights

    def set_enlargements(self, enlargements: Enlargements) -> None:
        """Take over the super-resolved looks that are to be shown."""
        self._enlargements = enlargements

    def enlarged(self, shown: Chromosome) -> Enlarged | None:
        """Return the super-resolved look of a chromosome of `cell()`; None: it is shown in the pixels it has."""
        return enlarged_of(shown, self._enlargements)

    def image_of(self, shown: Chromosome) -> QImage:
        """Return what is drawn for a chromosome of `cell()`."""
        return chromosome_image(shown, self.options, self.enlarged(shown))

    def cell(self) -> Cell | None:
        """Return the cell as it is shown, but for super-resolution, which changes no measure."""
        cell, straights = self._document.cell(), self.straights()
        if cell is None or not straights:
            return cell
        if self._shown is None or self._shown[0] is not cell or self._shown[1] is not straights:
            self._shown = cell, straights, shown_cell(cell, straights)  # kept: its outlines are computed once
        return self._shown[2]

    def layout_of(self, placements: Iterable[Placement]) -> KaryogramLayout:
        """Return the layout the cell would have with these placements."""
        cell, shown, straights = self._document.cell(), self.cell(), self.straights()
        if cell is None or not straights:
            return compute_layout(cell, placements, self._layout_options)
        # At the scale of the cell as it was read: straightening makes nothing smaller.
        scale = cell_scale(cell, self._layout_options)
        return compute_layout(shown, shown_placements(cell, placements, straights), self._layout_options, scale=scale)

    def is_straightened(self, chromosome_id: int) -> bool:
        """Say whether a chromosome is shown along its own axis."""
        cell = self._document.cell()
        return cell is not None and straight_of(cell.chromosome(chromosome_id), self.straights()) is not None

    def centromere_behind(self, chromosome_id: int, fraction: float) -> float:
        """Return the document's centromere for one at `fraction` of the chromosome as it is shown."""
        cell = self._document.cell()
        if cell is None:
            return fraction
        placement = self._document.placement(chromosome_id)
        return centromere_behind(cell.chromosome(chromosome_id), placement, self.straights(), fraction)

    def straights(self) -> Straights:
        """Return the straightened looks that are shown; none while chromosomes are shown as they were read."""
        return self._straights if self.settings.straightened else {}
