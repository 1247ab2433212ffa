"""The count sheet as CSV, for the spreadsheet: one line per cell."""

import csv
import io
from collections.abc import Sequence

from karyogui.model.count_sheet import CountSheet
from karyogui.model.store.values import CellRecord

COLUMNS = (
    "cell",
    "state",
    "chromosomes",
    "unplaced",
    "sex",
    "gained",
    "lost",
    "structural",
    "karyotype",
    "counted",
    "analysed",
    "karyotyped",
    "band_level",
    "quality",
    "note",
)


def sheet_csv(records: Sequence[CellRecord], sheet: CountSheet) -> bytes:
    """Write all cells of a case, in their order, as UTF-8 with a byte order mark, by which spreadsheets know it."""
    lines = {line.cell_id: line for line in sheet.lines}
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for record in records:
        line, entry = lines.get(record.id), record.sheet
        row: tuple[object, ...] = (
            _plain(record.name),
            record.state.value,
            record.counts.total,
            record.chromosomes - record.counts.total,
            record.counts.sex_chromosomes,
            # Without the sign, which the column says: a spreadsheet makes the number 8 of +8.
            " ".join(change[1:] for change in line.gains) if line else "",
            " ".join(change[1:] for change in line.losses) if line else "",
            _plain(" ".join(record.structural)),
            _plain(record.karyotype),
            *("yes" if mark else "no" for mark in (entry.counted, entry.analysed, entry.karyotyped)),
            entry.band_level or "",
            entry.quality or "",
            _plain(entry.note),
        )
        writer.writerow(row)
    return text.getvalue().encode("utf-8-sig")


def _plain(text: str) -> str:
    """Keep a spreadsheet from taking a text that somebody wrote for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
