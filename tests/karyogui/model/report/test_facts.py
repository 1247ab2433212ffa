"""What a report says."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from engine.karyotype.clones import CellFinding
from engine.types import BundleRef
from karyogui.model.cell import Cell
from karyogui.model.report.facts import Exclusion, Field, ReportFacts, cell_of, report_facts
from karyogui.model.store.values import Case, CellRecord, SheetEntry, State, StoredCell

Record = Callable[..., CellRecord]
DAY = date(2026, 11, 26)


def facts(case: Case, records: list[CellRecord], *shown: int, **changes: Any) -> ReportFacts:
    by_id = {each.id: each for each in records}
    cells = {i: StoredCell(by_id[i], Cell(by_id[i].name, "g", ()), (), None, (), (), {}) for i in shown}
    said: dict[str, Any] = {"bundles": (), "laboratory": "", "program": "karyogui 1", "day": DAY, "draft": False}
    return report_facts(case, records, cells, **{**said, **changes})


def test_numbers_of_the_case(case: Case, record: Record) -> None:
    records = [
        record(1, ["8"], sheet=SheetEntry(counted=True, analysed=True, karyotyped=True, band_level=400)),
        record(2, ["8"], sheet=SheetEntry(counted=True, band_level=550), stain="q"),
        record(3, sheet=SheetEntry(counted=True)),
        record(4, chromosomes=47),  # one lies in the tray
        record(5, counts=record(5, ["-X"]).counts, chromosomes=45, karyotype="45,X"),
    ]
    found = facts(case, records)
    summary = found.summary
    assert (summary.cells, summary.counted, summary.analysed, summary.karyotyped) == (5, 3, 1, 1)
    assert (summary.band_levels, summary.stains, summary.modal_number, summary.normal) == ("400–550", "gq", 47, 1)
    assert found.left_out == ("cell 4",)
    assert found.findings == (CellFinding("cell 5", ("-X",)),)
    assert (found.karyotype, found.by_hand) == ("47,XX,+8[2]/46,XX[2]", False)
    assert found.exclusions == ()


def test_mosaicism_is_excluded_by_normal_cells(case: Case, record: Record) -> None:
    found = facts(case, [record(n) for n in range(20)])
    assert [(each.confidence, round(each.share, 3)) for each in found.exclusions] == [
        (0.90, 0.109),
        (0.95, 0.139),
        (0.99, 0.206),
    ]
    assert isinstance(found.exclusions[0], Exclusion)


def test_her_karyotype_goes_before_the_proposal(case: Case, record: Record) -> None:
    found = facts(replace(case, karyotype=" 46,XX[1] "), [record(1)])
    assert (found.karyotype, found.by_hand) == ("46,XX[1]", True)


def test_clones_with_the_karyograms_that_are_shown(case: Case, record: Record) -> None:
    records = [record(1, ["8"]), record(2, ["8"], sheet=SheetEntry(band_level=550, quality=4)), record(3)]
    abnormal, normal = facts(case, records, 2, 3).clones
    assert (abnormal.karyotype, abnormal.size, abnormal.cells, abnormal.normal) == (
        "47,XX,+8",
        2,
        ("cell 1", "cell 2"),
        False,
    )
    (figure,) = abnormal.figures
    assert (figure.source, figure.cell, figure.band_level, figure.quality) == ("karyogram:2", "cell 2", 550, 4)
    assert [each.source for each in normal.figures] == ["karyogram:3"]


def test_texts_names_and_bundles(case: Case, record: Record) -> None:
    written = replace(case, specimen={"Tissue": "marrow", "Empty": " ", "Method": "24 h\n\nGTG", "Comment": "Seen."})
    records = [
        record(1, state=State.APPROVED, approved_by="Bo"),
        record(2, state=State.APPROVED, approved_by="Bo", reviewed_by="Cy"),
    ]
    bundles = [BundleRef("b", "2"), BundleRef("a", "1"), BundleRef("b", "2")]
    found = facts(written, records, laboratory=" Lab \n Street\n", bundles=bundles)
    assert found.specimen == (Field("Tissue", "marrow"),)
    assert (found.method, found.comment, found.laboratory) == (("24 h", "GTG"), ("Seen.",), ("Lab", "Street"))
    assert (found.reviewed_by, found.approved_by, found.approved) == (("Ann", "Cy"), ("Bo",), True)
    assert found.bundles == ("a 1", "b 2")


def test_a_case_without_cells_can_be_told_too(case: Case) -> None:
    found = facts(case, [])
    assert (found.karyotype, found.clones, found.summary.modal_number, found.summary.band_levels) == ("", (), None, "")


@pytest.mark.parametrize(
    ("source", "cell_id"), [("karyogram:12", 12), ("karyogram:", None), ("karyogram:-1", None), ("logo.png", None)]
)
def test_the_address_of_a_karyogram(source: str, cell_id: int | None) -> None:
    assert cell_of(source) == cell_id
