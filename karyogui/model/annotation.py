"""Annotations: text and arrows that belong to a point of a chromosome and go wherever it goes. Frozen values.

The point is told in the pixels of the chromosome, so that it stays on its band when the chromosome is turned, flipped
or moved. The text stands beside it, upright on the paper, at a distance in points of the layout.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Literal, get_args

from karyogui.model.cell import Cell, Chromosome
from karyogui.model.layout import PlacedChromosome, rotation_matrix
from karyogui.model.pieces import offset_of

AnnotationKind = Literal["text", "arrow"]

LONGEST_TEXT = 200


@dataclass(frozen=True, slots=True)
class Annotation:
    """A remark at a point of a chromosome."""

    id: int  # unique in the cell
    chromosome_id: int
    kind: AnnotationKind
    text: str  # may be empty at an arrow
    x: float  # the point, in image pixels from the centre of the chromosome's image
    y: float
    dx: float  # from the point to the middle of the text (to the tail of an arrow), in points of the layout
    dy: float

    def __post_init__(self) -> None:
        if self.kind not in get_args(AnnotationKind):
            raise ValueError(f"unknown kind of annotation: {self.kind!r}")
        if self.kind == "text" and not self.text:
            raise ValueError("a text annotation without text")
        if len(self.text) > LONGEST_TEXT:
            raise ValueError(f"a text of {len(self.text)} letters; {LONGEST_TEXT} at most")


def anchor_point(annotation: Annotation, placed: PlacedChromosome) -> tuple[float, float]:
    """Return where the annotation's point is drawn, in points of the layout."""
    x, y = rotation_matrix(placed.rotation_deg, placed.mirrored) @ (annotation.x, annotation.y) * placed.scale
    return placed.x + float(x), placed.y + float(y)


def image_point(placed: PlacedChromosome, x: float, y: float) -> tuple[float, float]:
    """Return the point of the chromosome's image, from its centre, that is drawn at (x, y) of the layout."""
    matrix = rotation_matrix(placed.rotation_deg, placed.mirrored)
    # The matrix turns and mirrors: its inverse is its transpose.
    image_x, image_y = matrix.T @ (x - placed.x, y - placed.y) / placed.scale
    return float(image_x), float(image_y)


def next_annotation_id(annotations: Iterable[Annotation]) -> int:
    """Return an id that none of them has."""
    return max((annotation.id for annotation in annotations), default=-1) + 1


def with_annotation(annotations: Iterable[Annotation], new: Annotation) -> tuple[Annotation, ...]:
    """Add one, or put it in the place of the one with its id."""
    kept = {annotation.id: annotation for annotation in annotations}
    kept[new.id] = new
    return tuple(kept.values())


def without_annotations(annotations: Iterable[Annotation], ids: Collection[int]) -> tuple[Annotation, ...]:
    """Take some out."""
    return tuple(annotation for annotation in annotations if annotation.id not in ids)


def carried_over(
    annotations: Iterable[Annotation], replaced: Collection[Chromosome], pieces: Collection[Chromosome]
) -> tuple[Annotation, ...]:
    """Give the annotations of chromosomes that were cut or joined to the pieces their points are on.

    One whose point is on no piece (it was erased, or the piece's place is not known) goes to the nearest piece's
    nearest end of the image; nothing is lost.
    """
    parents = {chromosome.id: chromosome for chromosome in replaced}
    return tuple(
        _carried(annotation, parents[annotation.chromosome_id], pieces)
        if annotation.chromosome_id in parents
        else annotation
        for annotation in annotations
    )


def check_annotations(cell: Cell, annotations: Collection[Annotation]) -> None:
    """Raise `ValueError` unless every annotation has its own id and a chromosome of the cell."""
    ids = {chromosome.id for chromosome in cell.chromosomes}
    if len({annotation.id for annotation in annotations}) != len(annotations):
        raise ValueError(f"cell {cell.name!r}: two annotations with one id")
    if any(annotation.chromosome_id not in ids for annotation in annotations):
        raise ValueError(f"cell {cell.name!r}: an annotation of a chromosome that is not there")


def _carried(annotation: Annotation, parent: Chromosome, pieces: Collection[Chromosome]) -> Annotation:
    height, width = parent.mask.shape
    x, y = annotation.x + width / 2, annotation.y + height / 2  # from the corner of the parent's image
    best: tuple[float, Annotation] | None = None
    for piece in pieces:
        left, top = offset_of(parent, piece) or (0, 0)
        rows, columns = piece.mask.nonzero()
        gaps = (columns + 0.5 + left - x) ** 2 + (rows + 0.5 + top - y) ** 2
        nearest = int(gaps.argmin())
        gap = float(gaps[nearest])
        here = (x - left, y - top) if gap <= 1.0 else (float(columns[nearest]) + 0.5, float(rows[nearest]) + 0.5)
        moved = replace(
            annotation,
            chromosome_id=piece.id,
            x=here[0] - piece.mask.shape[1] / 2,
            y=here[1] - piece.mask.shape[0] / 2,
        )
        if best is None or gap < best[0]:
            best = (gap, moved)
    return best[1] if best else annotation
