"""Where everything of a karyogram lies, as numbers: the same for screen, PNG and PDF.

Units are points of a nominal page: the longer chromosomes of the cell are about `LayoutOptions.length` points long
whatever the resolution of its images, so gaps and text always fit them. x runs right, y runs down, (0, 0) is the
top left corner of the paper. One `scale` (points per image pixel) holds for the whole cell and depends on the cell
alone: no edit changes the size of a chromosome.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from math import cos, radians, sin

import numpy as np
from numpy.typing import NDArray

from engine.types import CLASS_INDEX, MARKER
from karyogui.model.arrangement import GROUP_LETTERS, ROWS, Row
from karyogui.model.cell import Cell, Chromosome
from karyogui.model.ideogram import ideogram
from karyogui.model.karyogram import PLACES, Placement, members

_MEASURE = "3"
"""The class whose homologs are about the 90th percentile of the lengths of a normal cell."""


@dataclass(frozen=True, slots=True)
class LayoutOptions:
    """Measures in points."""

    rows: tuple[Row, ...] = ROWS
    length: float = 92.0  # of the longer chromosomes (90th percentile of the cell)
    margin: float = 20.0  # of the paper
    copy_gap: float = 5.0  # between homologs
    copy_width: float = 24.0  # least width of one copy; an empty class keeps room for two
    class_gap: float = 20.0  # least gap between classes of a group
    group_gap: float = 40.0  # least gap between groups
    row_gap: float = 20.0
    mark_height: float = 11.0  # strip between the q arms and the baseline
    label_size: float = 11.0  # height of the label's text
    label_gap: float = 4.0  # from the baseline to the text
    tray_gap: float = 12.0  # above the tray, in addition to the row gap
    tray_padding: float = 12.0
    tray_height: float = 44.0  # least height of the tray
    ideograms: bool = False  # keep room for one on the left of each class
    ideogram_width: float = 8.0
    ideogram_gap: float = 7.0  # from the ideogram to the first copy
    group_letters: bool = False
    letter_height: float = 14.0  # from the letter's upper edge to the top of its row
    empty_tray: bool = True  # keep a tray to drop on where nothing is unplaced; False for exports


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle along the axes, in points."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Lower edge."""
        return self.y + self.height

    @property
    def centre_x(self) -> float:
        """Middle from left to right."""
        return self.x + self.width / 2

    @property
    def centre_y(self) -> float:
        """Middle from top to bottom."""
        return self.y + self.height / 2


@dataclass(frozen=True, slots=True)
class PlacedChromosome:
    """How one chromosome is drawn: mirror the image, scale it, rotate it, put its centre at (x, y)."""

    chromosome_id: int
    label: str | None
    order: int
    x: float  # where the centre of the image (not of the mask) comes to lie
    y: float
    scale: float  # points per image pixel
    rotation_deg: float  # counter-clockwise as seen
    mirrored: bool  # left and right of the image, before the rotation
    rect: Rect  # exact extent of the mask as drawn
    centromere_y: float
    line: float  # y that is the same for all chromosomes of one line of the tray or row


@dataclass(frozen=True, slots=True)
class Slot:
    """The place of one class, of the markers (`MARKER`) or of the unplaced (None)."""

    label: str | None
    row: int  # 0 = top; the tray comes after the last
    rect: Rect  # all of it, the label included: highlight and drop target
    ids: tuple[int, ...]  # its chromosomes from left to right
    baseline: tuple[float, float, float] | None  # x from, x to, y; None for the tray
    text: Rect | None  # the label's text is centred in it; None for the tray
    centromere_y: float | None  # None for the tray
    ideogram: Rect | None = None  # scaled to its chromosomes; None where none is drawn


@dataclass(frozen=True, slots=True)
class KaryogramLayout:
    """A whole karyogram in numbers."""

    width: float  # of the paper
    height: float
    scale: float  # points per image pixel
    slots: tuple[Slot, ...]  # in reading order; the tray last, if there is one
    chromosomes: Mapping[int, PlacedChromosome] = field(default_factory=dict)  # by chromosome id
    options: LayoutOptions = LayoutOptions()
    letters: tuple[tuple[str, float, float], ...] = ()  # of the groups: text, x and y of the upper left corner

    def slot(self, label: str | None) -> Slot:
        """Return the slot of a class, of the markers or of the tray; `KeyError` if there is none."""
        for slot in self.slots:
            if slot.label == label:
                return slot
        raise KeyError(label)

    def reading_order(self) -> list[int]:
        """Return the chromosome ids as one reads: row by row, left to right, the tray last."""
        return [chromosome_id for slot in self.slots for chromosome_id in slot.ids]

    @property
    def tray(self) -> Slot | None:
        """The slot of the unplaced; None where it is empty and left out."""
        return self.slots[-1] if self.slots and self.slots[-1].label is None else None


@dataclass(frozen=True, slots=True)
class Extent:
    """The mask of a turned and scaled chromosome relative to the centre of its image, in points."""

    left: float
    top: float
    right: float
    bottom: float
    centromere: float  # y

    @property
    def width(self) -> float:
        """From left to right."""
        return self.right - self.left


def rotation_matrix(rotation_deg: float, mirrored: bool) -> NDArray[np.float64]:
    """(2, 2) matrix that takes (x, y) of the image to (x, y) as shown, both with y down: mirror, then turn."""
    angle = radians(rotation_deg)
    side = -1.0 if mirrored else 1.0
    return np.array([[side * cos(angle), sin(angle)], [-side * sin(angle), cos(angle)]])


def cell_scale(cell: Cell, options: LayoutOptions | None = None) -> float:
    """Return the points per image pixel of a cell.

    The 90th percentile of the lengths and not the longest: one cluster that is no chromosome must not shrink the rest.
    """
    lengths = [chromosome.length for chromosome in cell.chromosomes]
    return (options or LayoutOptions()).length / float(np.percentile(lengths, 90)) if lengths else 1.0


def compute_layout(
    cell: Cell | None,
    placements: Iterable[Placement],
    options: LayoutOptions | None = None,
    *,
    scale: float | None = None,
) -> KaryogramLayout:
    """Lay out a karyogram; without a cell, the empty form. `scale`: points per image pixel if not those of the cell."""
    options = options or LayoutOptions()
    placements = tuple(placements) if cell else ()
    if scale is None:
        scale = cell_scale(cell, options) if cell else 1.0
    extents = {
        p.chromosome_id: extent_of(cell.chromosome(p.chromosome_id), p, scale) for p in placements if cell is not None
    }
    return _Builder(options, scale, placements, extents).build()


def turned(placed: PlacedChromosome, chromosome: Chromosome, rotation_deg: float) -> PlacedChromosome:
    """Return a placed chromosome turned to another angle about the middle of its mask: the preview of a free turn."""
    shown = chromosome.outline @ rotation_matrix(rotation_deg, placed.mirrored).T * placed.scale
    (left, top), (right, bottom) = shown.min(axis=0).tolist(), shown.max(axis=0).tolist()
    x, y = placed.rect.centre_x - (left + right) / 2, placed.rect.centre_y - (top + bottom) / 2
    rect = Rect(x + left, y + top, right - left, bottom - top)
    return replace(placed, x=x, y=y, rotation_deg=rotation_deg, rect=rect)


def extent_of(chromosome: Chromosome, placement: Placement, scale: float) -> Extent:
    """Return how far a chromosome reaches as it is placed."""
    shown = chromosome.outline @ rotation_matrix(placement.rotation_deg, placement.mirrored).T * scale
    (left, top), (right, bottom) = shown.min(axis=0), shown.max(axis=0)
    centromere = top + placement.centromere * (bottom - top)
    return Extent(float(left), float(top), float(right), float(bottom), float(centromere))


class _Builder:
    """Fills the paper from top to bottom."""

    def __init__(
        self, options: LayoutOptions, scale: float, placements: tuple[Placement, ...], extents: dict[int, Extent]
    ) -> None:
        self._options, self._scale, self._extents = options, scale, extents
        self._members = {label: members(placements, label) for label in PLACES}
        self._slots: list[Slot] = []
        self._placed: dict[int, PlacedChromosome] = {}
        self._letters: list[tuple[str, float, float]] = []

    def build(self) -> KaryogramLayout:
        o = self._options
        inner = max(sum(self._widths(row)) + sum(_gaps(row, o.class_gap, o.group_gap)) for row in o.rows)
        y = o.margin
        for index, row in enumerate(o.rows):
            y = self._row(index, row, inner, y) + o.row_gap
        if self._members[None] or o.empty_tray:
            y = self._tray(len(o.rows), inner, y - o.row_gap + o.tray_gap) + o.row_gap
        height = y - o.row_gap + o.margin
        width, letters = inner + 2 * o.margin, tuple(self._letters)
        return KaryogramLayout(width, height, self._scale, tuple(self._slots), self._placed, o, letters)

    def _widths(self, row: Row) -> list[float]:
        """Widths of the slots of a row: room for two copies, more where the chromosomes need it."""
        o = self._options
        widths = []
        for label in (label for group in row for label in group):
            copies = [max(self._extents[p.chromosome_id].width, o.copy_width) for p in self._members[label]]
            copies += [o.copy_width] * (2 - len(copies))
            widths.append(self._beside(label) + sum(copies) + o.copy_gap * (len(copies) - 1))
        return widths

    def _row(self, index: int, row: Row, inner: float, top: float) -> float:
        """Lay out one row; return its lower edge."""
        o = self._options
        labels = [label for group in row for label in group]
        widths, gaps = self._widths(row), _gaps(row, o.class_gap, o.group_gap)
        # What a row has to spare goes to the gaps, most of it between the groups.
        spare, weights = inner - sum(widths) - sum(gaps), _gaps(row, 1.0, 3.0)
        gaps = [gap + spare * weight / sum(weights) for gap, weight in zip(gaps, weights, strict=True)]

        extents = [self._extents[p.chromosome_id] for label in labels for p in self._members[label]]
        arms = [typical_arms(label, o.length) for label in labels]
        drawn = [rect for label in labels if (rect := self._ideogram(label, 0.0, 0.0))]
        above = max([p for p, _ in arms] + [e.centromere - e.top for e in extents] + [-rect.y for rect in drawn])
        below = max([q for _, q in arms] + [e.bottom - e.centromere for e in extents] + [rect.bottom for rect in drawn])
        centromere_y = top + above
        baseline = centromere_y + below + o.mark_height
        bottom = baseline + 2 * o.label_gap + o.label_size

        x = o.margin
        for label, width, gap in zip(labels, widths, [*gaps, 0.0], strict=True):
            if o.group_letters and label in GROUP_LETTERS:
                self._letters.append((GROUP_LETTERS[label], x, top - o.letter_height))
            self._slots.append(
                Slot(
                    label=label,
                    row=index,
                    rect=Rect(x, top, width, bottom - top),
                    ids=tuple(p.chromosome_id for p in self._members[label]),
                    baseline=(x, x + width, baseline),
                    text=Rect(x, baseline + o.label_gap, width, o.label_size),
                    centromere_y=centromere_y,
                    ideogram=self._ideogram(label, x, centromere_y),
                )
            )
            self._fill(label, x + (self._beside(label) + width) / 2, centromere_y)
            x += width + gap
        return bottom

    def _fill(self, label: str, middle: float, centromere_y: float) -> None:
        """Stand the chromosomes of a class side by side around the middle, centromeres on the line."""
        o = self._options
        cells = [max(self._extents[p.chromosome_id].width, o.copy_width) for p in self._members[label]]
        x = middle - (sum(cells) + o.copy_gap * (len(cells) - 1)) / 2
        for placement, cell in zip(self._members[label], cells, strict=True):
            extent = self._extents[placement.chromosome_id]
            self._place(placement, x + cell / 2, centromere_y - extent.centromere, centromere_y)
            x += cell + o.copy_gap

    def _beside(self, label: str) -> float:
        """Room for the ideogram on the left of a class."""
        o = self._options
        return o.ideogram_width + o.ideogram_gap if o.ideograms and label in CLASS_INDEX else 0.0

    def _ideogram(self, label: str, x: float, centromere_y: float) -> Rect | None:
        """As long as its chromosomes are on the mean, centromere on the line; an empty class has the usual length."""
        if not self._beside(label):
            return None
        extents = [self._extents[p.chromosome_id] for p in self._members[label]]
        length = sum(typical_arms(label, self._options.length))
        if extents:
            length = sum(e.bottom - e.top for e in extents) / len(extents)
        above = length * ideogram(label, 850).centromere
        return Rect(x, centromere_y - above, self._options.ideogram_width, length)

    def _tray(self, index: int, inner: float, top: float) -> float:
        """Lay out the unplaced in lines; return the lower edge of the tray."""
        o = self._options
        x, y = o.margin + o.tray_padding, top + o.tray_padding
        limit = o.margin + inner - o.tray_padding
        lines: list[list[tuple[Placement, float]]] = [[]]  # placements with the middle of each
        for placement in self._members[None]:
            width = self._extents[placement.chromosome_id].width
            if lines[-1] and x + width > limit:
                lines.append([])
                x = o.margin + o.tray_padding
            lines[-1].append((placement, x + width / 2))
            x += width + 2 * o.copy_gap
        for line in lines:
            extents = [self._extents[placement.chromosome_id] for placement, _ in line]
            tall = max((e.bottom - e.top for e in extents), default=0.0)
            for (placement, middle), e in zip(line, extents, strict=True):
                self._place(placement, middle, y + (tall - e.bottom - e.top) / 2, y + tall / 2)
            y += tall + (2 * o.copy_gap if line is not lines[-1] else 0.0)
        bottom = max(y + o.tray_padding, top + o.tray_height)
        ids = tuple(p.chromosome_id for p in self._members[None])
        self._slots.append(Slot(None, index, Rect(o.margin, top, inner, bottom - top), ids, None, None, None))
        return bottom

    def _place(self, placement: Placement, middle: float, y: float, line: float) -> None:
        """Put one chromosome with its mask around `middle` and the centre of its image at height `y`."""
        e = self._extents[placement.chromosome_id]
        x = middle - (e.left + e.right) / 2
        self._placed[placement.chromosome_id] = PlacedChromosome(
            chromosome_id=placement.chromosome_id,
            label=placement.label,
            order=placement.order,
            x=x,
            y=y,
            scale=self._scale,
            rotation_deg=placement.rotation_deg,
            mirrored=placement.mirrored,
            rect=Rect(x + e.left, y + e.top, e.width, e.bottom - e.top),
            centromere_y=y + e.centromere,
            line=line,
        )


def _gaps(row: Row, inside: float, between: float) -> list[float]:
    """One value for each gap of a row: inside a group or between two."""
    gaps: list[float] = []
    for group in row:
        gaps += [inside] * (len(group) - 1) + [between]
    return gaps[:-1]


@cache
def typical_arms(label: str, length: float) -> tuple[float, float]:
    """Usual heights (p arm, q arm) of a class in points.

    A row is at least as high as its classes usually are, so that a move within it seldom shifts the rows below.
    """
    if label == MARKER:
        return 0.0, 0.0
    drawn = ideogram(label, 850)
    size = length * drawn.length / ideogram(_MEASURE, 850).length
    return size * drawn.centromere, size * (1.0 - drawn.centromere)
