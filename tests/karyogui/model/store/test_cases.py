"""Cases: made, found, renamed, changed, deleted."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from karyogui.model.store.errors import ReadOnlyError, StoreError
from karyogui.model.store.library import Library
from karyogui.model.store.schema import Base
from karyogui.model.store.values import Case, CaseFilter, CellRecord, State

Fill = Callable[..., tuple[Case, list[CellRecord]]]


def codes(library: Library, wanted: CaseFilter | None = None) -> list[str]:
    return [summary.case.code for summary in library.cases.find(wanted)]


def test_a_case_comes_back_as_it_was_made(library: Library) -> None:
    made = library.cases.create(
        "  B-17 ", "Ann", constitutional=False, sex="XY", note="ß", specimen={"tissue": "marrow"}
    )
    assert (made.code, made.constitutional, made.sex, made.note) == ("B-17", False, "XY", "ß")
    assert library.cases.get(made.id) == made
    assert library.users.names() == ("Ann",)


@pytest.mark.parametrize("code", ["", "  ", "taken"])
def test_a_code_is_needed_and_is_one_s_own(library: Library, code: str) -> None:
    case = library.cases.create("taken", "Ann")
    other = library.cases.create("other", "Ann")
    with pytest.raises(StoreError, match="code"):
        library.cases.create(code, "Ann")
    with pytest.raises(StoreError, match="code"):
        library.cases.rename(other.id, code, "Ann")
    assert codes(library) == ["other", "taken"]
    assert [e.action for e in library.cases.trail(case.id)] == ["case created"]


def test_nobody_works_without_a_name(library: Library) -> None:
    with pytest.raises(StoreError, match="name"):
        library.cases.create("A", "  ")
    assert library.cases.find() == ()


def test_renamed_and_changed_with_a_trail(library: Library) -> None:
    case = library.cases.create("A", "Ann")
    library.cases.rename(case.id, "B", "Bo")
    library.cases.rename(case.id, "B", "Bo")  # to the name it has: nothing happened
    changed = replace(library.cases.get(case.id), karyotype="46,XX", note="seen", sex="XX", code="not this way")
    saved = library.cases.save(changed, "Bo")
    assert saved == library.cases.get(case.id)
    assert (saved.code, saved.karyotype, saved.note, saved.sex) == ("B", "46,XX", "seen", "XX")
    entries = library.cases.trail(case.id)
    assert [(e.user, e.action) for e in entries] == [
        ("Ann", "case created"),
        ("Bo", "case renamed"),
        ("Bo", "case changed"),
    ]
    assert entries[2].facts()["after"] == {"karyotype": "46,XX", "note": "seen", "sex": "XX"}
    assert library.cases.check_trail(case.id) is None


def test_the_list_adds_the_cells_up(library: Library, filled: Fill) -> None:
    filled(library, "A", ["1", "1"], ["1", "1"], ["1"])
    library.cases.create("empty", "Ann")
    empty, full = library.cases.find()
    assert (full.cells, full.states) == (3, {State.CLASSIFIED: 3})
    assert list(full.karyotypes.values()) == [2, 1]
    assert (empty.cells, empty.states, empty.karyotypes) == (0, {}, {})


def test_search(library: Library, filled: Fill) -> None:
    filled(library, "M_100%", ["21", "21", "21"])
    filled(library, "m2", ["X"])
    library.cases.create("N3", "Ann")
    assert codes(library, CaseFilter(code="m")) == ["m2", "M_100%"]
    assert codes(library, CaseFilter(code="_1")) == ["M_100%"]
    assert codes(library, CaseFilter(code="%")) == ["M_100%"]
    assert codes(library, CaseFilter(state=State.CLASSIFIED)) == ["m2", "M_100%"]
    assert codes(library, CaseFilter(state=State.APPROVED)) == []
    text = next(iter(library.cases.find(CaseFilter(code="M_"))[0].karyotypes))
    assert codes(library, CaseFilter(karyotype=text.lower())) == ["M_100%"]
    now = datetime.now(UTC)
    assert codes(library, CaseFilter(since=now)) == []
    assert codes(library, CaseFilter(until=now, since=now - timedelta(hours=1))) == ["N3", "m2", "M_100%"]
    first = library.cases.find()[-1].case
    assert codes(library, CaseFilter(until=first.created)) == []
    assert codes(library, CaseFilter(since=first.created, code="M_1")) == ["M_100%"]


def test_deleted_with_all_that_belongs_to_it_but_its_trail(library: Library, filled: Fill) -> None:
    case, _ = filled(library, "A", ["1", "21"])
    library.cases.delete(case.id, "Ann")
    with library.database.reading() as session:
        left = {
            name: session.scalar(select(func.count()).select_from(table))
            for name, table in Base.metadata.tables.items()
        }
    assert {name for name, number in left.items() if number} == {"trail", "trail_heads", "users"}
    assert library.check() == []
    with pytest.raises(StoreError, match="no longer in the library"):
        library.cases.get(case.id)


def test_approved_cells_hold_a_case(library: Library, filled: Fill) -> None:
    case, (cell,) = filled(library, "A", ["1"])
    library.cells.set_state(cell.id, State.REVIEWED, "Ann")
    library.cells.set_state(cell.id, State.APPROVED, "Bo")
    with pytest.raises(ReadOnlyError, match="reopen"):
        library.cases.delete(case.id, "Ann")
    library.cells.set_state(cell.id, State.IN_REVIEW, "Bo", reason="wrong case")
    library.cases.delete(case.id, "Ann")
    assert library.cases.find() == ()
