"""Cells of a case as records, without a library."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from engine.karyotype.counts import ChromosomeCounts
from engine.karyotype.iscn import karyotype_text
from karyogui.model.store.values import Case, CellRecord, SheetEntry, State

MOMENT = datetime(2026, 11, 20, 9, tzinfo=UTC)
NORMAL = [str(n) for n in range(1, 23) for _ in range(2)] + ["X", "X"]


def made_record(cell_id: int, extra: Sequence[str] = (), **changes: Any) -> CellRecord:
    """A reviewed cell: 46,XX with chromosomes added (`8`) or lost (`-7`)."""
    labels = list(NORMAL)
    for label in extra:
        if label.startswith("-"):
            labels.remove(label[1:])
        else:
            labels.append(label)
    counts = ChromosomeCounts.from_labels(labels)
    return replace(
        CellRecord(
            id=cell_id,
            case_id=1,
            position=cell_id,
            name=f"cell {cell_id}",
            stain="g",
            state=State.REVIEWED,
            revision=1,
            added=MOMENT,
            chromosomes=counts.total,
            counts=counts,
            karyotype=karyotype_text(counts),
            karyotype_by_hand=False,
            structural=(),
            sheet=SheetEntry(),
            reviewed_by="Ann",
            approved_by=None,
        ),
        **changes,
    )


@pytest.fixture(scope="session")
def record() -> Callable[..., CellRecord]:
    """`made_record`."""
    return made_record


@pytest.fixture
def case() -> Case:
    """A case of acquired changes."""
    return Case(1, "0" * 32, "B26", MOMENT, constitutional=False, sex="XX")
