"""The first tables."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_FIXED = (("pixels", "UPDATE"), ("trail", "UPDATE"), ("trail", "DELETE"))
"""What nobody may do, by a trigger of the database: neither this program by mistake nor another one."""


def upgrade() -> None:
    """Build all tables."""
    _people_and_cases()
    _cells()
    _chromosomes()
    _what_was_said()
    for table, change in _FIXED:
        _refuse(table, change)


def _refuse(table: str, change: str) -> None:
    sentence = f"{table}: {change.lower()} is not allowed"
    name = f"{table}_no_{change.lower()}"
    if op.get_context().dialect.name == "sqlite":
        op.execute(f"CREATE TRIGGER {name} BEFORE {change} ON {table} BEGIN SELECT RAISE(ABORT, '{sentence}'); END")
        return
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{sentence}'; END $$"
    )
    op.execute(f"CREATE TRIGGER {name} BEFORE {change} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")


def _people_and_cases() -> None:
    op.create_table(
        "users",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("since", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_users")),
    )
    op.create_table(
        "cases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("chain", sa.String(length=32), nullable=False),
        sa.Column("created", sa.String(length=32), nullable=False),
        sa.Column("constitutional", sa.Boolean(), nullable=False),
        sa.Column("sex", sa.String(length=2), nullable=True),
        sa.Column("karyotype", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("specimen", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        sa.UniqueConstraint("chain", name=op.f("uq_cases_chain")),
        sa.UniqueConstraint("code", name=op.f("uq_cases_code")),
        sa.UniqueConstraint("uid", name=op.f("uq_cases_uid")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_cases_created"), "cases", ["created"], unique=False)
    op.create_table(
        "trail",
        sa.Column("chain", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("cell", sa.Text(), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("chain", "number", name=op.f("pk_trail")),
    )
    op.create_table(
        "trail_heads",
        sa.Column("chain", sa.String(length=32), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("chain", name=op.f("pk_trail_heads")),
    )


def _cells() -> None:
    op.create_table(
        "cells",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("stain", sa.String(length=1), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("added", sa.String(length=32), nullable=False),
        sa.Column("chromosomes", sa.Integer(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("karyotype", sa.Text(), nullable=False),
        sa.Column("karyotype_by_hand", sa.Boolean(), nullable=False),
        sa.Column("structural", sa.JSON(), nullable=False),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.Column("analysed", sa.Boolean(), nullable=False),
        sa.Column("karyotyped", sa.Boolean(), nullable=False),
        sa.Column("band_level", sa.Integer(), nullable=True),
        sa.Column("quality", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("paths", sa.JSON(), nullable=False),
        sa.Column("warnings", sa.JSON(), nullable=False),
        sa.Column("view", sa.JSON(), nullable=False),
        sa.Column("reviewed_by", sa.Text(), nullable=True),
        sa.Column("approved_by", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state IN ('new', 'classified', 'in review', 'reviewed', 'approved')", name=op.f("ck_cells_state")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_cells_case_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cells")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_cells_case_state", "cells", ["case_id", "state", "karyotype"], unique=False)
    op.create_table(
        "thumbnails",
        sa.Column("cell_id", sa.Integer(), nullable=False),
        sa.Column("png", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["cell_id"], ["cells.id"], name=op.f("fk_thumbnails_cell_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("cell_id", name=op.f("pk_thumbnails")),
    )


def _chromosomes() -> None:
    op.create_table(
        "chromosomes",
        sa.Column("cell_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.Column("origin_x", sa.Integer(), nullable=True),
        sa.Column("origin_y", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["cell_id"], ["cells.id"], name=op.f("fk_chromosomes_cell_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("cell_id", "number", name=op.f("pk_chromosomes")),
    )
    op.create_table(
        "pixels",
        sa.Column("cell_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("mask_sha256", sa.String(length=64), nullable=False),
        sa.Column("png", sa.LargeBinary(), nullable=False),
        sa.Column("mask_png", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cell_id", "number"],
            ["chromosomes.cell_id", "chromosomes.number"],
            name=op.f("fk_pixels_cell_id_number"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("cell_id", "number", name=op.f("pk_pixels")),
    )
    op.create_table(
        "placements",
        sa.Column("cell_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=3), nullable=True),
        sa.Column("order", sa.Integer(), nullable=False),
        sa.Column("rotation_deg", sa.Double(), nullable=False),
        sa.Column("mirrored", sa.Boolean(), nullable=False),
        sa.Column("centromere", sa.Double(), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cell_id", "number"],
            ["chromosomes.cell_id", "chromosomes.number"],
            name=op.f("fk_placements_cell_id_number"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("cell_id", "number", name=op.f("pk_placements")),
    )
    op.create_table(
        "annotations",
        sa.Column("cell_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("x", sa.Double(), nullable=False),
        sa.Column("y", sa.Double(), nullable=False),
        sa.Column("dx", sa.Double(), nullable=False),
        sa.Column("dy", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cell_id", "number"],
            ["chromosomes.cell_id", "chromosomes.number"],
            name=op.f("fk_annotations_cell_id_number"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("cell_id", "id", name=op.f("pk_annotations")),
    )
    op.create_index("ix_annotations_chromosome", "annotations", ["cell_id", "number"], unique=False)


def _what_was_said() -> None:
    op.create_table(
        "classifications",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cell_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("bundle_name", sa.Text(), nullable=False),
        sa.Column("bundle_version", sa.Text(), nullable=False),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.Column("alternatives", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["cell_id"], ["cells.id"], name=op.f("fk_classifications_cell_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_classifications")),
    )
    op.create_index(op.f("ix_classifications_cell_id"), "classifications", ["cell_id"], unique=False)
    op.create_table(
        "predictions",
        sa.Column("classification_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("cell_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("label", sa.String(length=3), nullable=True),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("image_label", sa.String(length=3), nullable=False),
        sa.Column("probabilities", sa.JSON(), nullable=False),
        sa.Column("upright_rotation_deg", sa.Double(), nullable=False),
        sa.Column("mirrored", sa.Boolean(), nullable=False),
        sa.Column("centromere", sa.Double(), nullable=False),
        sa.Column("alternatives", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cell_id", "number"],
            ["chromosomes.cell_id", "chromosomes.number"],
            name=op.f("fk_predictions_cell_id_number"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["classification_id"],
            ["classifications.id"],
            name=op.f("fk_predictions_classification_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("classification_id", "number", name=op.f("pk_predictions")),
    )
    op.create_index("ix_predictions_chromosome", "predictions", ["cell_id", "number"], unique=False)
    op.create_table(
        "corrections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cell_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("label_before", sa.String(length=3), nullable=True),
        sa.Column("label_after", sa.String(length=3), nullable=True),
        sa.Column("rotation_before", sa.Double(), nullable=False),
        sa.Column("rotation_after", sa.Double(), nullable=False),
        sa.Column("mirrored_before", sa.Boolean(), nullable=False),
        sa.Column("mirrored_after", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cell_id", "number"],
            ["chromosomes.cell_id", "chromosomes.number"],
            name=op.f("fk_corrections_cell_id_number"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrections")),
    )
    op.create_index("ix_corrections_chromosome", "corrections", ["cell_id", "number"], unique=False)
