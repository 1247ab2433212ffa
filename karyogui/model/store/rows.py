"""Rows of a cell to values and back. Functions of a session; the transaction is the caller's."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from engine.karyotype.counts import ChromosomeCounts
from engine.types import BundleRef, ChromosomeResult, FileWarning, KaryotypeAlternative, LabelAlternative
from karyogui.model.annotation import Annotation
from karyogui.model.cell import Cell, Chromosome
from karyogui.model.karyogram import Placement
from karyogui.model.store.errors import StoreError
from karyogui.model.store.pictures import decode_mask, decode_pixels, encode_mask, encode_pixels, sha256
from karyogui.model.store.schema import (
    AnnotationRow,
    CellRow,
    ChromosomeRow,
    ClassificationRow,
    PixelsRow,
    PlacementRow,
    PredictionRow,
)
from karyogui.model.store.values import CellRecord, SheetEntry, State

_PLACEMENT_FIELDS = tuple(f.name for f in fields(Placement) if f.name != "chromosome_id")
_COLUMN = {"chromosome_id": "number"}  # where a column is called otherwise than the field
_PREDICTION_FIELDS = tuple(f.name for f in fields(ChromosomeResult))


def counts_to_json(counts: ChromosomeCounts) -> list[int]:
    """Return 1..22, X, Y, mar."""
    return [*counts.autosomes, counts.x, counts.y, counts.markers]


def record(row: CellRow) -> CellRecord:
    """Return a cell without its chromosomes."""
    return CellRecord(
        id=row.id,
        case_id=row.case_id,
        position=row.position,
        name=row.name,
        stain="q" if row.stain == "q" else "g",
        state=State(row.state),
        revision=row.revision,
        added=row.added,
        chromosomes=row.chromosomes,
        counts=ChromosomeCounts(tuple(row.counts[:22]), *row.counts[22:]),
        karyotype=row.karyotype,
        karyotype_by_hand=row.karyotype_by_hand,
        structural=tuple(row.structural),
        sheet=SheetEntry(row.counted, row.analysed, row.karyotyped, row.band_level, row.quality, row.note),
        reviewed_by=row.reviewed_by,
        approved_by=row.approved_by,
    )


def add_chromosomes(session: Session, row: CellRow, chromosomes: Iterable[Chromosome]) -> None:
    """Write chromosomes with their pixels; their numbers must be new to the cell."""
    chromosomes = tuple(chromosomes)
    session.add_all(chromosome_row(row.id, c.id, c.source, c.origin) for c in chromosomes)
    session.flush()
    for chromosome in chromosomes:
        try:
            png, mask = encode_pixels(chromosome.pixels), encode_mask(chromosome.mask)
        except ValueError as error:
            raise StoreError(f"{chromosome.source} cannot be kept in the library: {error}.") from error
        add_pixels(session, row.id, chromosome.id, png.data, mask.data)


def chromosome_row(
    cell_id: int, number: int, source: str, origin: tuple[int, int] | None, *, retired: bool = False
) -> ChromosomeRow:
    """Return the row of a chromosome."""
    x, y = origin or (None, None)
    return ChromosomeRow(cell_id=cell_id, number=number, source=source, retired=retired, origin_x=x, origin_y=y)


def origin(row: ChromosomeRow) -> tuple[int, int] | None:
    """Return where a piece lies in the picture it was cut from; None for what was never cut."""
    return None if row.origin_x is None or row.origin_y is None else (row.origin_x, row.origin_y)


def add_pixels(session: Session, cell_id: int, number: int, png: bytes, mask_png: bytes) -> None:
    """Write encoded pixels."""
    hashes = {"sha256": sha256(png), "mask_sha256": sha256(mask_png)}
    session.add(PixelsRow(cell_id=cell_id, number=number, png=png, mask_png=mask_png, **hashes))


def placements(session: Session, cell_id: int) -> dict[int, Placement]:
    """Return the placements of a cell by chromosome id."""
    rows = session.execute(
        select(PlacementRow.number, *(getattr(PlacementRow, name) for name in _PLACEMENT_FIELDS))
        .where(PlacementRow.cell_id == cell_id)
        .order_by(PlacementRow.number)
    )
    return {row[0]: Placement(*row) for row in rows}


def put_placements(session: Session, cell_id: int, changed: Iterable[Placement]) -> None:
    """Write placements, whether their chromosomes had one before or not."""
    for placement in changed:
        session.merge(PlacementRow(cell_id=cell_id, **placement_columns(placement)))


def placement_columns(placement: Placement) -> dict[str, Any]:
    """Return the columns of a placement, but for its cell."""
    values = {name: getattr(placement, name) for name in _PLACEMENT_FIELDS}
    return {"number": placement.chromosome_id, **values}


def add_classification(
    session: Session,
    cell_id: int,
    bundle: BundleRef,
    alternatives: Sequence[KaryotypeAlternative],
    predictions: Mapping[int, ChromosomeResult],
    *,
    at: datetime | None = None,
    shown: bool = True,
) -> None:
    """Write what a bundle said of a cell; labels of readings in the order of the chromosome ids."""
    row = ClassificationRow(
        cell_id=cell_id,
        at=at or datetime.now(UTC),
        bundle_name=bundle.name,
        bundle_version=bundle.version,
        shown=shown,
        alternatives=[asdict(alternative) for alternative in alternatives],
    )
    session.add(row)
    session.flush()
    for number, prediction in predictions.items():
        values = {name: getattr(prediction, name) for name in _PREDICTION_FIELDS}
        values["probabilities"] = list(prediction.probabilities)
        values["alternatives"] = [asdict(alternative) for alternative in prediction.alternatives]
        session.add(PredictionRow(classification_id=row.id, cell_id=cell_id, number=number, **values))


def classifications(session: Session, cell_id: int) -> list[ClassificationRow]:
    """Return all runs of bundles over a cell, oldest first."""
    wanted = select(ClassificationRow).where(ClassificationRow.cell_id == cell_id).order_by(ClassificationRow.id)
    return list(session.scalars(wanted))


def alternatives(row: ClassificationRow) -> tuple[KaryotypeAlternative, ...]:
    """Return the other readings a bundle had of the cell."""
    return tuple(KaryotypeAlternative(**{**each, "labels": tuple(each["labels"])}) for each in row.alternatives)


def fitting_alternatives(row: ClassificationRow, chromosomes: int) -> tuple[KaryotypeAlternative, ...]:
    """Return the readings of a cell with that many chromosomes; a cut or a join makes them void until it is undone."""
    return tuple(reading for reading in alternatives(row) if len(reading.labels) == chromosomes)


def predictions(session: Session, classification_id: int) -> dict[int, ChromosomeResult]:
    """Return what one run of a bundle said, by chromosome id."""
    rows = session.execute(
        select(PredictionRow.number, *(getattr(PredictionRow, name) for name in _PREDICTION_FIELDS)).where(
            PredictionRow.classification_id == classification_id
        )
    )
    found: dict[int, ChromosomeResult] = {}
    for number, *values in rows:
        stored: dict[str, Any] = dict(zip(_PREDICTION_FIELDS, values, strict=True))
        stored["probabilities"] = tuple(stored["probabilities"])
        stored["alternatives"] = tuple(LabelAlternative(**each) for each in stored["alternatives"])
        found[number] = ChromosomeResult(**stored)
    return found


def chromosomes(
    session: Session,
    row: CellRow,
    said: Mapping[int, ChromosomeResult],
    numbers: Iterable[int] | None = None,
    *,
    retired: bool = False,
) -> tuple[Chromosome, ...]:
    """Return chromosomes of a cell with their pixels, by number.

    Parameters
    ----------
    numbers
        Only these; None: all.
    retired
        Those that were cut or joined, too.

    Raises
    ------
    StoreError
        Pixels are not those that were imported.
    """
    wanted = (
        select(ChromosomeRow, PixelsRow)
        .join(PixelsRow, (PixelsRow.cell_id == ChromosomeRow.cell_id) & (PixelsRow.number == ChromosomeRow.number))
        .where(ChromosomeRow.cell_id == row.id)
        .order_by(ChromosomeRow.number)
    )
    if not retired:
        wanted = wanted.where(ChromosomeRow.retired.is_(False))
    if numbers is not None:
        wanted = wanted.where(ChromosomeRow.number.in_(list(numbers)))
    return tuple(_chromosome(row, *found, said) for found in session.execute(wanted))


def check_hashes(row: CellRow, source: str, stored: PixelsRow) -> None:
    """Raise `StoreError` unless pixels are those that were imported."""
    if (sha256(stored.png), sha256(stored.mask_png)) != (stored.sha256, stored.mask_sha256):
        raise StoreError(
            f"The pixels of {source} in cell {row.name} are not those that were imported; "
            "restore a backup of the library."
        )


def cell(row: CellRow, found: tuple[Chromosome, ...]) -> Cell:
    """Return the cell of these chromosomes."""
    return Cell(
        name=row.name,
        stain="q" if row.stain == "q" else "g",
        chromosomes=found,
        paths=tuple(Path(path) for path in row.paths),
        warnings=tuple(FileWarning(**warning) for warning in row.warnings),
    )


def annotations(session: Session, cell_id: int) -> tuple[Annotation, ...]:
    """Return the annotations of a cell, by id: in the order in which they were made."""
    columns = (getattr(AnnotationRow, _COLUMN.get(f.name, f.name)) for f in fields(Annotation))
    found = session.execute(select(*columns).where(AnnotationRow.cell_id == cell_id).order_by(AnnotationRow.id))
    return tuple(Annotation(*row) for row in found)


def put_annotations(session: Session, cell_id: int, wanted: Iterable[Annotation]) -> None:
    """Write annotations in the place of all there were."""
    session.execute(delete(AnnotationRow).where(AnnotationRow.cell_id == cell_id))
    for each in wanted:
        values = {_COLUMN.get(name, name): value for name, value in asdict(each).items()}
        session.add(AnnotationRow(cell_id=cell_id, **values))
    session.flush()


def _chromosome(
    cell_row: CellRow, row: ChromosomeRow, stored: PixelsRow, said: Mapping[int, ChromosomeResult]
) -> Chromosome:
    check_hashes(cell_row, row.source, stored)
    try:
        pixels, mask = decode_pixels(stored.png), decode_mask(stored.mask_png)
    except ValueError as error:
        raise StoreError(f"The pixels of {row.source} in cell {cell_row.name} cannot be read: {error}.") from error
    return Chromosome(row.number, row.source, pixels, mask, said.get(row.number), origin(row))
