"""Copies along their own axes: made in the background when they are asked for, only while they are looked at."""

from typing import TYPE_CHECKING

from pytestqt.qtbot import QtBot

if TYPE_CHECKING:
    from tests.karyogui.composite.conftest import Bench


def test_straightened_looks_come_cell_by_cell_and_go_again(qtbot: QtBot, bench: "Bench") -> None:
    copies = bench.canvas.composite_layout().copies
    bench.click(bench.ref(1, 0))
    bench.key("r")
    assert bench.canvas.composite_layout().copies[bench.ref(1, 0)].rotation_deg == 5.0
    bench.window.actions_["straightened"].trigger()
    layout = bench.canvas.composite_layout
    qtbot.waitUntil(lambda: layout().copies[bench.ref(1, 0)].rotation_deg == 0.0, timeout=30000)
    said: list[str] = []
    bench.canvas.say = said.append  # type: ignore[method-assign]
    bench.key("r")
    assert "straightened" in said[-1]
    assert bench.document(1).placement(0).rotation_deg == 5.0
    bench.window.actions_["straightened"].trigger()
    assert layout().copies[bench.ref(1, 0)].rotation_deg == 5.0
    assert layout().copies.keys() == copies.keys()


def test_nothing_is_made_before_it_is_asked_for(bench: "Bench") -> None:
    assert bench.window.composite.straightening._made == {}
