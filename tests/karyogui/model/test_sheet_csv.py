"""The count sheet in a spreadsheet."""

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime

from engine.karyotype.counts import ChromosomeCounts
from engine.karyotype.iscn import karyotype_text, parse_numerical
from karyogui.model.count_sheet import count_sheet
from karyogui.model.sheet_csv import COLUMNS, sheet_csv
from karyogui.model.store.values import Case, CellRecord, SheetEntry, State

NOW = datetime(2026, 1, 1, tzinfo=UTC)
CASE = Case(1, "0" * 32, "A", NOW)


def cell(number: int, counts: ChromosomeCounts, tray: int = 0) -> CellRecord:
    text = karyotype_text(counts) if counts.total else ""
    chromosomes = counts.total + tray
    return CellRecord(
        number, 1, number, f"cell {number}", "g", State.REVIEWED, 1, NOW, chromosomes, counts, text, False, (),
        SheetEntry(), None, None,
    )  # fmt: skip


def table(records: list[CellRecord]) -> list[dict[str, str]]:
    content = sheet_csv(records, count_sheet(CASE, records)).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content)))


def test_one_line_a_cell_with_all_that_was_written_down() -> None:
    first = replace(cell(1, parse_numerical("48,XX,+8,+8")), sheet=SheetEntry(True, True, False, 550, 4, "thick, dark"))
    second = cell(2, ChromosomeCounts(), tray=46)
    rows = table([first, second])
    assert tuple(rows[0]) == COLUMNS
    assert rows[0] == {
        "cell": "cell 1", "state": "reviewed", "chromosomes": "48", "unplaced": "0", "sex": "XX", "gained": "8 8",
        "lost": "", "structural": "", "karyotype": "48,XX,+8,+8", "counted": "yes", "analysed": "yes",
        "karyotyped": "no", "band_level": "550", "quality": "4", "note": "thick, dark",
    }  # fmt: skip
    assert (rows[1]["chromosomes"], rows[1]["unplaced"], rows[1]["karyotype"]) == ("0", "46", "")


def test_a_text_that_somebody_wrote_is_no_formula() -> None:
    note = '=HYPERLINK("x")'
    record = replace(
        cell(1, ChromosomeCounts.normal("XX")), sheet=SheetEntry(note=note), structural=("+der(22)t(9;22)(q34;q11.2)",)
    )
    row = table([record])[0]
    assert row["note"] == "'" + note
    assert row["structural"] == "'+der(22)t(9;22)(q34;q11.2)"
