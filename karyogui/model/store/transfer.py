"""One case between the tables of a library and one value. Functions of a session; the transaction is the caller's."""

import uuid
from dataclasses import asdict
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from karyogui.model.store import changes, rows, trail
from karyogui.model.store.cases import case_row, case_value
from karyogui.model.store.portable import (
    PortableCase,
    PortableCell,
    PortableChromosome,
    PortableClassification,
    PortablePrediction,
)
from karyogui.model.store.schema import (
    CaseRow,
    CellRow,
    ChromosomeRow,
    CorrectionRow,
    PixelsRow,
    PlacementRow,
    ThumbnailRow,
)
from karyogui.model.store.values import Case, SheetEntry, State


class Images(NamedTuple):
    """What a case file carries beside its manifest."""

    pngs: dict[str, bytes]  # by SHA-256
    thumbnails: tuple[bytes, ...]  # one for each cell, in their order


def take_case(session: Session, case_id: int) -> tuple[PortableCase, dict[str, bytes]]:
    """Read everything of a case, and its pictures by SHA-256."""
    row = case_row(session, case_id)
    case = case_value(row)
    pngs: dict[str, bytes] = {}
    wanted = select(CellRow).where(CellRow.case_id == case_id).order_by(CellRow.position)
    cells = tuple(_take_cell(session, cell, pngs) for cell in session.scalars(wanted).all())
    return (
        PortableCase(
            uid=case.uid,
            code=case.code,
            created=case.created,
            constitutional=case.constitutional,
            sex=case.sex,
            karyotype=case.karyotype,
            note=case.note,
            specimen=dict(case.specimen),
            cells=cells,
            trail=trail.read(session, row.chain),
        ),
        pngs,
    )


def put_case(session: Session, case: PortableCase, images: Images, code: str) -> tuple[Case, str]:
    """Write a checked case under a free code, and return it with the name of its chain."""
    row = CaseRow(
        uid=case.uid,
        code=code,
        chain=uuid.uuid4().hex,
        created=case.created,
        constitutional=case.constitutional,
        sex=case.sex,
        karyotype=case.karyotype,
        note=case.note,
        specimen=dict(case.specimen),
    )
    session.add(row)
    session.flush()
    for position, (cell, picture) in enumerate(zip(case.cells, images.thumbnails, strict=True)):
        _put_cell(session, row.id, position, cell, images.pngs, picture)
    if case.trail:
        trail.adopt(session, row.chain, case.trail)
    return case_value(row), row.chain


def _take_cell(session: Session, row: CellRow, pngs: dict[str, bytes]) -> PortableCell:
    record = rows.record(row)
    found: list[PortableChromosome] = []
    wanted = (
        select(ChromosomeRow, PixelsRow)
        .join(PixelsRow, (PixelsRow.cell_id == ChromosomeRow.cell_id) & (PixelsRow.number == ChromosomeRow.number))
        .where(ChromosomeRow.cell_id == row.id)
        .order_by(ChromosomeRow.number)
    )
    for each, pixels in session.execute(wanted):
        rows.check_hashes(row, each.source, pixels)
        pngs[pixels.sha256], pngs[pixels.mask_sha256] = pixels.png, pixels.mask_png
        hashes = (pixels.sha256, pixels.mask_sha256)
        found.append(PortableChromosome(each.number, each.source, each.retired, *hashes, rows.origin(each)))
    corrections = select(CorrectionRow).where(CorrectionRow.cell_id == row.id).order_by(CorrectionRow.id)
    return PortableCell(
        name=row.name,
        stain=record.stain,
        state=record.state,
        added=row.added,
        karyotype=row.karyotype if row.karyotype_by_hand else None,
        structural=record.structural,
        sheet=record.sheet,
        reviewed_by=row.reviewed_by,
        approved_by=row.approved_by,
        paths=tuple(row.paths),
        warnings=rows.cell(row, ()).warnings,
        chromosomes=tuple(found),
        placements=tuple(rows.placements(session, row.id).values()),
        classifications=tuple(
            PortableClassification(
                at=run.at,
                bundle=changes.bundle(run),
                shown=run.shown,
                alternatives=rows.alternatives(run),
                predictions=tuple(
                    PortablePrediction(number, said) for number, said in rows.predictions(session, run.id).items()
                ),
            )
            for run in rows.classifications(session, row.id)
        ),
        corrections=tuple(changes.correction(each) for each in session.scalars(corrections)),
        annotations=rows.annotations(session, row.id),
        view=dict(row.view),
    )


def _put_cell(
    session: Session, case_id: int, position: int, cell: PortableCell, pngs: dict[str, bytes], picture: bytes
) -> None:
    row = CellRow(
        case_id=case_id,
        position=position,
        name=cell.name,
        stain=cell.stain,
        state=State(cell.state).value,
        revision=1,
        added=cell.added,
        chromosomes=0,
        counts=[],
        karyotype=cell.karyotype or "",
        karyotype_by_hand=cell.karyotype is not None,
        structural=list(cell.structural),
        paths=list(cell.paths),
        warnings=[asdict(warning) for warning in cell.warnings],
        view=dict(cell.view),
        reviewed_by=cell.reviewed_by,
        approved_by=cell.approved_by,
        **_sheet(cell.sheet),
    )
    session.add(row)
    session.flush()
    session.add(ThumbnailRow(cell_id=row.id, png=picture))
    for each in cell.chromosomes:
        origin = (each.origin[0], each.origin[1]) if each.origin else None
        session.add(rows.chromosome_row(row.id, each.number, each.source, origin, retired=each.retired))
    session.flush()
    for each in cell.chromosomes:
        rows.add_pixels(session, row.id, each.number, pngs[each.sha256], pngs[each.mask_sha256])
    session.add_all(PlacementRow(cell_id=row.id, **rows.placement_columns(each)) for each in cell.placements)
    for run in cell.classifications:
        said = {each.number: each.result for each in run.predictions}
        rows.add_classification(session, row.id, run.bundle, run.alternatives, said, at=run.at, shown=run.shown)
    session.flush()
    for correction in cell.corrections:
        values = asdict(correction)
        session.add(CorrectionRow(cell_id=row.id, number=values.pop("chromosome_id"), **values))
        session.flush()  # one by one: their ids are their order
    rows.put_annotations(session, row.id, cell.annotations)
    changes.count(session, row)


def _sheet(entry: SheetEntry) -> dict[str, Any]:
    return asdict(entry)
