"""What a change does to the rows of a cell: functions of a session; `Cells` opens the transaction, keeps the trail."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from engine.karyotype.counts import ChromosomeCounts
from engine.karyotype.iscn import karyotype_text
from engine.types import BundleRef, ChromosomeResult
from karyogui.model.annotation import Annotation
from karyogui.model.cell import Cell, Chromosome
from karyogui.model.karyogram import PLACES, Placement, members
from karyogui.model.recovery import Work
from karyogui.model.store import rows
from karyogui.model.store.pictures import levels
from karyogui.model.store.schema import (
    CellRow,
    ChromosomeRow,
    ClassificationRow,
    CorrectionRow,
    PixelsRow,
    PlacementRow,
)
from karyogui.model.store.values import Correction, State


def new_cell(case_id: int, cell: Cell, position: int) -> CellRow:
    """Return the row of a cell that nobody has classified."""
    return CellRow(
        case_id=case_id,
        position=position,
        name=cell.name,
        stain=cell.stain,
        state=State.NEW.value,
        revision=1,
        added=datetime.now(UTC),
        chromosomes=len(cell.chromosomes),
        counts=rows.counts_to_json(ChromosomeCounts()),
        karyotype="",
        karyotype_by_hand=False,
        structural=[],
        counted=False,
        analysed=False,
        karyotyped=False,
        note="",
        paths=[str(path) for path in cell.paths],
        warnings=[asdict(warning) for warning in cell.warnings],
        view={},
    )


def pixel_hashes(session: Session, cell_id: int) -> list[str]:
    """Return the SHA-256 of the pixels of each chromosome, by number: the trail vouches for them."""
    wanted = select(PixelsRow.sha256).where(PixelsRow.cell_id == cell_id).order_by(PixelsRow.number)
    return list(session.scalars(wanted))


def place(
    session: Session,
    row: CellRow,
    before: Mapping[int, Placement],
    after: Iterable[Placement],
    user: str | None,
) -> None:
    """Write placements, and a correction for each label or orientation that a person changed.

    Parameters
    ----------
    user
        The person; None: a bundle placed them, which corrects nothing.

    Raises
    ------
    ValueError
        The placements are none of this cell, or leave gaps.
    """
    after = tuple(after)
    there = _present(session, row)
    whole = {number: p for number, p in before.items() if number in there} | {p.chromosome_id: p for p in after}
    if whole.keys() != there:
        raise ValueError(f"cell {row.name!r}: the placements are not those of its chromosomes")
    for label in PLACES:
        orders = [p.order for p in members(whole.values(), label)]
        if orders != list(range(len(orders))):
            raise ValueError(f"cell {row.name!r}: gaps in the order of {label or 'the tray'}")
    gone = before.keys() - there
    if gone:
        session.execute(
            delete(PlacementRow).where(PlacementRow.cell_id == row.id, PlacementRow.number.in_(sorted(gone)))
        )
    rows.put_placements(session, row.id, after)
    session.flush()
    if user is not None:
        session.add_all(_corrections(row.id, before, after, user))
    count(session, row)


def count(session: Session, row: CellRow) -> None:
    """Bring counts and karyotype of the row up to date with the placements."""
    labels = session.scalars(select(PlacementRow.label).where(PlacementRow.cell_id == row.id)).all()
    counts = ChromosomeCounts.from_labels(labels)
    row.counts, row.chromosomes = rows.counts_to_json(counts), len(labels)
    if not row.karyotype_by_hand:
        row.karyotype = karyotype_text(counts, structural=row.structural) if counts.total else ""


def add_classification(session: Session, row: CellRow, work: Work) -> None:
    """Write the predictions of `work`, which has a bundle, as the classification that is shown."""
    if work.bundle is None:
        raise ValueError("no bundle made this result")
    _show(session, row.id, None)
    by_id = sorted(range(len(work.cell.chromosomes)), key=lambda index: work.cell.chromosomes[index].id)
    # The cell comes back ordered by id, and the labels of a reading stand in the order of its chromosomes.
    readings = [replace(reading, labels=tuple(reading.labels[i] for i in by_id)) for reading in work.alternatives]
    rows.add_classification(session, row.id, work.bundle, readings, _said(work.cell))


def show_classification(session: Session, row: CellRow, work: Work) -> None:
    """Show the classification that `work` holds: an earlier one if it is there, else a new one; none for none."""
    _show(session, row.id, None)
    if work.bundle is None:
        return
    said = _said(work.cell)
    for run in reversed(rows.classifications(session, row.id)):
        stored = rows.predictions(session, run.id)
        if bundle(run) == work.bundle and all(stored.get(number) == each for number, each in said.items()):
            _show(session, row.id, run.id)
            return
    add_classification(session, row, work)


def annotate(session: Session, row: CellRow, annotations: Sequence[Annotation]) -> list[dict[str, Any]]:
    """Write the annotations of a cell, if they changed, and return them for the trail; empty if nothing changed.

    Raises
    ------
    ValueError
        Two have one id, or one is at a chromosome that is not there.
    """
    before = rows.annotations(session, row.id)
    if set(before) == set(annotations):
        return []
    there = _present(session, row)
    if len({each.id for each in annotations}) != len(annotations):
        raise ValueError(f"cell {row.name!r}: two annotations with one id")
    if any(each.chromosome_id not in there for each in annotations):
        raise ValueError(f"cell {row.name!r}: an annotation of a chromosome that is not there")
    rows.put_annotations(session, row.id, annotations)
    return [asdict(each) for each in annotations] or [{"all": "removed"}]


def put_chromosomes(session: Session, row: CellRow, cell: Cell) -> tuple[list[int], list[int]]:
    """Add new chromosomes of `cell`, retire those it no longer has, bring back those it has again.

    Returns
    -------
    tuple
        Numbers that came (or came back) and that went.

    Raises
    ------
    ValueError
        A number stands for other pixels than before.
    """
    known = {r.number: r for r in session.scalars(select(ChromosomeRow).where(ChromosomeRow.cell_id == row.id))}
    wanted = {c.id: c for c in cell.chromosomes}
    for kept in rows.chromosomes(session, row, {}, wanted.keys() & known.keys(), retired=True):
        if not _same_pixels(kept, wanted[kept.id]):
            raise ValueError(f"cell {row.name!r}: chromosome {kept.id} has other pixels than before")
    came = [number for number in wanted if number not in known or known[number].retired]
    went = [number for number, each in known.items() if number not in wanted and not each.retired]
    rows.add_chromosomes(session, row, (wanted[number] for number in came if number not in known))
    for number, each in known.items():
        each.retired = number not in wanted
    session.flush()
    return came, went


def bundle(row: ClassificationRow) -> BundleRef:
    """Return the bundle that made a classification."""
    return BundleRef(row.bundle_name, row.bundle_version)


def correction(row: CorrectionRow) -> Correction:
    """Return a correction as a value."""
    return Correction(
        row.number,
        row.at,
        row.user,
        row.label_before,
        row.label_after,
        row.rotation_before,
        row.rotation_after,
        row.mirrored_before,
        row.mirrored_after,
    )


def as_json(before: Mapping[int, Placement], after: Iterable[Placement]) -> list[dict[str, Any]]:
    """Return what changed, for the trail: chromosome number, placement before and after."""
    return [
        {"chromosome": p.chromosome_id, "before": _short(before.get(p.chromosome_id)), "after": _short(p)}
        for p in after
        if before.get(p.chromosome_id) != p
    ]


def _short(placement: Placement | None) -> list[Any] | None:
    """Label, order, rotation, mirror, centromere, accepted."""
    return None if placement is None else list(asdict(placement).values())[1:]


def _present(session: Session, row: CellRow) -> set[int]:
    """Numbers of the chromosomes that are not retired."""
    numbers = select(ChromosomeRow.number).where(ChromosomeRow.cell_id == row.id, ChromosomeRow.retired.is_(False))
    return set(session.scalars(numbers))


def _said(cell: Cell) -> dict[int, ChromosomeResult]:
    return {c.id: c.prediction for c in cell.chromosomes if c.prediction is not None}


def _show(session: Session, cell_id: int, classification_id: int | None) -> None:
    session.execute(
        update(ClassificationRow)
        .where(ClassificationRow.cell_id == cell_id)
        .values(shown=ClassificationRow.id == (classification_id or 0))
    )


def _same_pixels(one: Chromosome, other: Chromosome) -> bool:
    return np.array_equal(levels(one.pixels), levels(other.pixels)) and np.array_equal(one.mask, other.mask)


def _corrections(
    cell_id: int, before: Mapping[int, Placement], after: Iterable[Placement], user: str
) -> Iterable[CorrectionRow]:
    now = datetime.now(UTC)
    for new in after:
        old = before.get(new.chromosome_id)
        if old is None or (old.label, old.rotation_deg, old.mirrored) == (new.label, new.rotation_deg, new.mirrored):
            continue
        yield CorrectionRow(
            cell_id=cell_id,
            number=new.chromosome_id,
            at=now,
            user=user,
            label_before=old.label,
            label_after=new.label,
            rotation_before=old.rotation_deg,
            rotation_after=new.rotation_deg,
            mirrored_before=old.mirrored,
            mirrored_after=new.mirrored,
        )
