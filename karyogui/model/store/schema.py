"""The tables of the library. `migrations` builds them; a test compares the two.

A chromosome is named by its cell and its number (`Chromosome.id`). Pixels lie in a table of their own, so that no list
ever reads them; triggers of the database refuse to change them, or anything of the trail.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    MetaData,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

CELL_STATES: tuple[str, ...] = ("new", "classified", "in review", "reviewed", "approved")


_NEVER_REUSED = {"sqlite_autoincrement": True}  # an id the window still holds must not come to mean another row


class UtcTime(TypeDecorator[datetime]):
    """A moment as text, `2026-01-31T12:00:00.000000+00:00`: the same in every database, and in order when sorted."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """Write the moment in UTC."""
        return None if value is None else utc_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        """Read it back."""
        return None if value is None else datetime.fromisoformat(value)


def utc_text(moment: datetime) -> str:
    """Write a moment, which knows its time zone, in UTC to the microsecond."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


class Base(DeclarativeBase):
    """Constraints have names, so that a migration can speak of them in every database."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy's own name for it
        str: Text,
        datetime: UtcTime,
        bytes: LargeBinary,
        float: Double,
        dict[str, Any]: JSON,
        list[Any]: JSON,
    }


class UserRow(Base):
    """A name somebody works under."""

    __tablename__ = "users"
    name: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[datetime]


class CaseRow(Base):
    """One specimen of one patient."""

    __tablename__ = "cases"
    __table_args__ = (UniqueConstraint("uid"), UniqueConstraint("code"), UniqueConstraint("chain"), _NEVER_REUSED)
    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(32))  # travels with the case file
    code: Mapped[str]  # the laboratory's name for it
    chain: Mapped[str] = mapped_column(String(32))  # its part of the trail; a new one with each import
    created: Mapped[datetime] = mapped_column(index=True)
    constitutional: Mapped[bool]
    sex: Mapped[str | None] = mapped_column(String(2))
    karyotype: Mapped[str]  # hers; empty while she has written none
    note: Mapped[str]
    specimen: Mapped[dict[str, Any]]  # fields of the report: name -> text


class CellRow(Base):
    """One metaphase."""

    __tablename__ = "cells"
    __table_args__ = (
        CheckConstraint("state IN ({})".format(", ".join(f"'{state}'" for state in CELL_STATES)), name="state"),
        Index("ix_cells_case_state", "case_id", "state", "karyotype"),  # the list of cases reads this index alone
        _NEVER_REUSED,
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    position: Mapped[int]  # 0, 1, ... in the case
    name: Mapped[str]
    stain: Mapped[str] = mapped_column(String(1))
    state: Mapped[str] = mapped_column(String(16))
    revision: Mapped[int]  # one more with each change: tells two people who work on one cell
    added: Mapped[datetime]
    chromosomes: Mapped[int]  # how many, retired ones left out
    counts: Mapped[list[Any]]  # placed chromosomes: 1..22, X, Y, mar
    karyotype: Mapped[str]  # what is shown: hers, or what follows from the counts
    karyotype_by_hand: Mapped[bool]
    structural: Mapped[list[Any]]  # findings by hand, one ISCN term each
    counted: Mapped[bool]
    analysed: Mapped[bool]
    karyotyped: Mapped[bool]
    band_level: Mapped[int | None]
    quality: Mapped[int | None]
    note: Mapped[str]
    paths: Mapped[list[Any]]
    warnings: Mapped[list[Any]]
    view: Mapped[dict[str, Any]]
    reviewed_by: Mapped[str | None]
    approved_by: Mapped[str | None]


class ThumbnailRow(Base):
    """A small picture of a cell, away from `cells` so that searching them stays quick."""

    __tablename__ = "thumbnails"
    cell_id: Mapped[int] = mapped_column(ForeignKey("cells.id", ondelete="CASCADE"), primary_key=True)
    png: Mapped[bytes]


class ChromosomeRow(Base):
    """One segmented object. A cut or joined one is retired, never deleted."""

    __tablename__ = "chromosomes"
    cell_id: Mapped[int] = mapped_column(ForeignKey("cells.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str]
    retired: Mapped[bool]
    origin_x: Mapped[int | None]  # of a piece: where it lies in the picture it was cut from
    origin_y: Mapped[int | None]


class PixelsRow(Base):
    """What was imported. Written once; a trigger refuses any change."""

    __tablename__ = "pixels"
    __table_args__ = (
        ForeignKeyConstraint(["cell_id", "number"], ["chromosomes.cell_id", "chromosomes.number"], ondelete="CASCADE"),
    )
    cell_id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))
    mask_sha256: Mapped[str] = mapped_column(String(64))
    png: Mapped[bytes]  # 16-bit grey, 65535 = 1.0 of `Chromosome.pixels`
    mask_png: Mapped[bytes]  # 1 bit


class PlacementRow(Base):
    """Where a chromosome lies; the fields of `Placement`."""

    __tablename__ = "placements"
    __table_args__ = (
        ForeignKeyConstraint(["cell_id", "number"], ["chromosomes.cell_id", "chromosomes.number"], ondelete="CASCADE"),
    )
    cell_id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    label: Mapped[str | None] = mapped_column(String(3))
    order: Mapped[int]
    rotation_deg: Mapped[float]
    mirrored: Mapped[bool]
    centromere: Mapped[float]
    accepted: Mapped[bool]


class ClassificationRow(Base):
    """One run of a bundle over a cell."""

    __tablename__ = "classifications"
    id: Mapped[int] = mapped_column(primary_key=True)
    cell_id: Mapped[int] = mapped_column(ForeignKey("cells.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    bundle_name: Mapped[str]
    bundle_version: Mapped[str]
    shown: Mapped[bool]  # at most one of a cell: undo goes back to an earlier one, or to none
    alternatives: Mapped[list[Any]]  # other readings of the cell


class PredictionRow(Base):
    """What a bundle said of one chromosome; the fields of `ChromosomeResult`."""

    __tablename__ = "predictions"
    __table_args__ = (
        ForeignKeyConstraint(["cell_id", "number"], ["chromosomes.cell_id", "chromosomes.number"], ondelete="CASCADE"),
        Index("ix_predictions_chromosome", "cell_id", "number"),
    )
    classification_id: Mapped[int] = mapped_column(
        ForeignKey("classifications.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True)
    cell_id: Mapped[int]
    source: Mapped[str]
    label: Mapped[str | None] = mapped_column(String(3))
    confidence: Mapped[float]
    image_label: Mapped[str] = mapped_column(String(3))
    probabilities: Mapped[list[Any]]
    upright_rotation_deg: Mapped[float]
    mirrored: Mapped[bool]
    centromere: Mapped[float]
    alternatives: Mapped[list[Any]]


class CorrectionRow(Base):
    """A person's change of label or orientation: what the training learns from."""

    __tablename__ = "corrections"
    __table_args__ = (
        ForeignKeyConstraint(["cell_id", "number"], ["chromosomes.cell_id", "chromosomes.number"], ondelete="CASCADE"),
        Index("ix_corrections_chromosome", "cell_id", "number"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    cell_id: Mapped[int]
    number: Mapped[int]
    at: Mapped[datetime]
    user: Mapped[str]
    label_before: Mapped[str | None] = mapped_column(String(3))
    label_after: Mapped[str | None] = mapped_column(String(3))
    rotation_before: Mapped[float]
    rotation_after: Mapped[float]
    mirrored_before: Mapped[bool]
    mirrored_after: Mapped[bool]


class AnnotationRow(Base):
    """A text or an arrow at a point of a chromosome; the fields of `Annotation`."""

    __tablename__ = "annotations"
    __table_args__ = (
        ForeignKeyConstraint(["cell_id", "number"], ["chromosomes.cell_id", "chromosomes.number"], ondelete="CASCADE"),
        Index("ix_annotations_chromosome", "cell_id", "number"),
    )
    cell_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(primary_key=True)  # unique in the cell
    number: Mapped[int]
    kind: Mapped[str]
    text: Mapped[str]
    x: Mapped[float]
    y: Mapped[float]
    dx: Mapped[float]
    dy: Mapped[float]


class TrailRow(Base):
    """One line of the trail. Never changed, never deleted: triggers refuse it, hashes show it.

    Plain text, so that what is hashed is what is stored. It outlives its case.
    """

    __tablename__ = "trail"
    chain: Mapped[str] = mapped_column(String(32), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)  # 1, 2, ...
    at: Mapped[str] = mapped_column(Text)
    user: Mapped[str]
    action: Mapped[str]
    cell: Mapped[str]  # its name at the time; empty where the whole case is meant
    details: Mapped[str]  # JSON
    hash: Mapped[str]


class TrailHeadRow(Base):
    """How long each chain is and how it ends: finds a trail that was cut short."""

    __tablename__ = "trail_heads"
    chain: Mapped[str] = mapped_column(String(32), primary_key=True)
    length: Mapped[int]
    hash: Mapped[str]
