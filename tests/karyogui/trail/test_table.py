"""The trail as a table."""

from datetime import datetime

from PySide6.QtCore import Qt

from karyogui.model.store.trail import Entry
from karyogui.trail.table import CELL, NUMBER, WHAT, WHEN, WHO, TrailFilter, TrailTable, local_time
from karyogui.trail.words import Kind

AT = "2026-11-26T10:00:00.000000+00:00"
ENTRIES = (
    Entry(1, AT, "Ann", "case created", "", '{"code":"A"}', "h1"),
    Entry(2, AT, "Ann", "cell added", "cell 1", '{"chromosomes":46,"files":["a"]}', "h2"),
    Entry(3, AT, "Bo", "reviewed", "cell 1", '{"reason":""}', "h3"),
    Entry(4, AT, "Bo", "reviewed", "cell 2", '{"reason":""}', "h4"),
)


def test_columns(qapp: object) -> None:
    table = TrailTable()
    table.show_entries(ENTRIES)
    assert (table.rowCount(), table.columnCount(), table.cells()) == (4, 5, ("cell 1", "cell 2"))
    row = [table.data(table.index(2, column)) for column in (NUMBER, WHEN, WHO, CELL, WHAT)]
    assert row == [3, local_time(AT), "Bo", "cell 1", "Marked as reviewed"]
    assert table.data(table.index(2, NUMBER), Qt.ItemDataRole.ToolTipRole) == "Hash h3"
    assert table.data(table.index(2, WHAT), Qt.ItemDataRole.ToolTipRole) == "Marked as reviewed"
    heads = [table.headerData(n, Qt.Orientation.Horizontal) for n in range(5)]
    assert heads == ["Line", "When", "Who", "Cell", "What"]


def test_filter_by_cell_and_kind(qapp: object) -> None:
    table = TrailTable()
    shown = TrailFilter(table)
    table.show_entries(ENTRIES)

    def numbers(cell: str, kind: Kind | None) -> list[int]:
        shown.show_only(cell, kind)
        return [shown.data(shown.index(row, NUMBER)) for row in range(shown.rowCount())]

    assert numbers("", None) == [1, 2, 3, 4]
    assert numbers("cell 1", None) == [2, 3]
    assert numbers("", Kind.STATE) == [3, 4]
    assert numbers("cell 1", Kind.STATE) == [3]
    assert numbers("", Kind.EXPORT) == []


def test_moments_are_told_by_the_clock_on_the_wall() -> None:
    shown = local_time(AT)
    assert datetime.strptime(shown, "%Y-%m-%d %H:%M:%S").astimezone() == datetime.fromisoformat(AT)
    assert local_time("nonsense") == "nonsense"
