"""What is marked as unlike its peers, and when: in the background, to be stopped, kept, and judged anew."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from engine.errors import BundleError
from karyogui.composite.words import copy_tooltip, why

if TYPE_CHECKING:
    from tests.karyogui.composite.conftest import Bench, MakeBench, Seer


LABELS = ("1", "1", "2", "2", "3", "3")


def exchanged(make_bench: "MakeBench") -> "Bench":
    """Six cells; in the fourth a 1 lies among the 3 and a 3 among the 1."""
    truth = ("3", "1", "2", "2", "1", "3")
    return make_bench(*[LABELS] * 6, wrong={3: truth})


def test_the_exchanged_copies_are_marked_and_no_others(qtbot: QtBot, make_bench: "MakeBench") -> None:
    bench = exchanged(make_bench)
    likeness = bench.window.composite.likeness
    qtbot.waitUntil(lambda: likeness.is_settled() and len(likeness.outliers()) == 2, timeout=30000)
    assert set(likeness.outliers()) == {bench.ref(3, 0), bench.ref(3, 4)}
    assert likeness.outliers()[bench.ref(3, 0)].like == "3"
    assert bench.tab.strip.button("1").marks == 1
    assert bench.tab.strip.button("2").marks == 0
    assert "1 unlike their peers" in bench.tab.facts.text()


def test_a_correction_takes_the_marks_away_and_undo_brings_them_back(qtbot: QtBot, make_bench: "MakeBench") -> None:
    bench = exchanged(make_bench)
    likeness = bench.window.composite.likeness
    qtbot.waitUntil(lambda: likeness.is_settled() and len(likeness.outliers()) == 2, timeout=30000)
    bench.select(bench.ref(3, 0))
    bench.key("3")
    bench.tab.show_choice("3")
    bench.select(bench.ref(3, 4))
    bench.key("1")
    qtbot.waitUntil(lambda: bench.label(3, 4) == "1")  # it might have become 12
    qtbot.waitUntil(lambda: likeness.is_settled() and likeness.outliers() == {}, timeout=30000)
    bench.window.actions_["undo"].trigger()
    bench.window.actions_["undo"].trigger()
    qtbot.waitUntil(lambda: likeness.is_settled() and len(likeness.outliers()) == 2, timeout=30000)


def test_each_cell_is_looked_at_once_until_its_pictures_change(
    qtbot: QtBot, make_bench: "MakeBench", seer: "Seer"
) -> None:
    bench = exchanged(make_bench)
    likeness = bench.window.composite.likeness
    qtbot.waitUntil(lambda: likeness.progress() == (6, 6), timeout=30000)
    bench.select(bench.ref(0, 0))
    bench.key("9")
    bench.window.actions_["show_composite"].trigger()
    bench.window.actions_["show_composite"].trigger()
    qtbot.waitUntil(lambda: not likeness.is_running(), timeout=30000)
    assert sorted(seer.asked) == [f"cell {number}" for number in range(1, 7)]


def test_it_is_stopped_by_a_click_and_goes_on_by_another(qtbot: QtBot, make_bench: "MakeBench", seer: "Seer") -> None:
    seer.open.clear()
    bench = exchanged(make_bench)
    likeness = bench.window.composite.likeness
    qtbot.waitUntil(lambda: likeness.is_running() and bool(seer.asked))
    assert "Comparing" in bench.tab.compare.text()
    qtbot.mouseClick(bench.tab.compare, Qt.MouseButton.LeftButton)
    assert likeness.is_stopped()
    seer.open.set()
    qtbot.mouseClick(bench.tab.compare, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: likeness.progress() == (6, 6), timeout=30000)
    assert bench.tab.compare.isHidden()


def test_leaving_the_tab_stops_it(qtbot: QtBot, make_bench: "MakeBench", seer: "Seer") -> None:
    seer.open.clear()
    bench = exchanged(make_bench)
    likeness = bench.window.composite.likeness
    qtbot.waitUntil(likeness.is_running)
    bench.window.actions_["show_composite"].trigger()
    assert not likeness.is_running()
    seer.open.set()


def test_a_bundle_that_fails_is_told_and_the_copies_stay(qtbot: QtBot, make_bench: "MakeBench", seer: "Seer") -> None:
    seer.error = BundleError("The bundle cannot be run.")
    told: list[str] = []
    seer.open.clear()
    bench = exchanged(make_bench)
    bench.window.composite.failed.connect(lambda tried, error: told.append(str(error)))
    seer.open.set()
    likeness = bench.window.composite.likeness
    qtbot.waitUntil(lambda: len(told) == 6 and not likeness.is_running(), timeout=30000)
    assert likeness.outliers() == {}
    assert len(bench.canvas.composite_layout().copies) == 12


def test_space_leads_from_mark_to_mark_over_the_labels_and_enter_leaves_it(
    qtbot: QtBot, make_bench: "MakeBench"
) -> None:
    bench = exchanged(make_bench)
    likeness = bench.window.composite.likeness
    qtbot.waitUntil(lambda: likeness.is_settled() and len(likeness.outliers()) == 2, timeout=30000)
    bench.key(Qt.Key.Key_Space)
    assert bench.canvas.selected_copies() == [bench.ref(3, 0)]
    bench.key(Qt.Key.Key_Space)
    assert bench.tab.choice() == "3"
    assert bench.canvas.selected_copies() == [bench.ref(3, 4)]
    bench.key(Qt.Key.Key_Space, Qt.KeyboardModifier.ShiftModifier)
    assert bench.canvas.selected_copies() == [bench.ref(3, 0)]
    bench.key(Qt.Key.Key_Return)  # it stays a 1; on to the other
    assert bench.document(3).placement(0).accepted
    assert not likeness.is_open(bench.ref(3, 0))
    assert bench.canvas.selected_copies() == [bench.ref(3, 4)]
    bench.key(Qt.Key.Key_Return)
    assert not bench.tab.next_mark.isEnabled()


def test_the_tooltip_says_why(qtbot: QtBot, make_bench: "MakeBench") -> None:
    bench = exchanged(make_bench)
    likeness = bench.window.composite.likeness
    qtbot.waitUntil(lambda: likeness.is_settled() and len(likeness.outliers()) == 2, timeout=30000)
    ref = bench.ref(3, 0)
    member, mark = bench.canvas.member_of(ref), likeness.outliers()[ref]
    assert member is not None
    text = copy_tooltip(member, ref, mark)
    assert text.startswith("cell 4\nChromosome 1, ")
    assert why(mark) in text
    assert "Unlike the other 11 copies of 1" in text
    assert "nearer to 3" in text
