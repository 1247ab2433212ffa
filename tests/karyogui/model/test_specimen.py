"""Fields of a specimen."""

from karyogui.model.specimen import SPECIMEN_FIELDS, shown_fields, with_field, without_field


def test_the_usual_fields_come_first_then_her_own_in_their_order() -> None:
    shown = shown_fields({"Ward": "3B", "Culture": "72 h", "Slide": "7"})
    assert [name for name, _ in shown] == [*SPECIMEN_FIELDS, "Ward", "Slide"]
    assert dict(shown)["Culture"] == "72 h"
    assert dict(shown)["Patient code"] == ""


def test_a_field_is_changed_and_an_empty_usual_one_is_not_kept() -> None:
    specimen = with_field({}, "Culture", " 72 h ")
    assert specimen == {"Culture": "72 h"}
    assert with_field(specimen, "Culture", "") == {}


def test_a_field_of_her_own_stays_until_it_is_removed() -> None:
    specimen = with_field({"Culture": "72 h"}, "Ward", "")
    assert specimen == {"Culture": "72 h", "Ward": ""}
    assert without_field(specimen, "Ward") == {"Culture": "72 h"}


def test_the_order_is_that_of_the_sheet_not_of_the_writing() -> None:
    specimen = with_field(with_field({"Ward": "3B"}, "Culture", "72 h"), "Patient code", "P7")
    assert list(specimen) == ["Patient code", "Culture", "Ward"]
