"""What makes room glides: seen on its way, placed at once, and at its place whatever ends the gesture."""

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from karyogui.editor.glide import Glide

if TYPE_CHECKING:
    from tests.karyogui.editor.conftest import Editor


def on_its_way(editor: "Editor", chromosome_id: int) -> bool:
    return not editor.scene.chromosome_item(chromosome_id).pos().isNull()


@pytest.fixture
def hovering(editor: "Editor", qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> "Editor":
    """One of class 8 is held over class 10 until the others begin to make room, very slowly."""
    monkeypatch.setattr("karyogui.editor.glide.GLIDE_MS", 600_000)
    start, end = editor.at(14), editor.place("10")
    editor.press(start)
    editor.move(start, end)
    qtbot.waitUntil(lambda: on_its_way(editor, 18), timeout=20_000)  # they dwell first
    return editor


def test_they_start_where_they_were_seen_and_arrive(hovering: "Editor") -> None:
    item = hovering.scene.chromosome_item(18)
    settled = hovering.scene.karyogram_layout().chromosomes[18].rect.centre_x  # before there was room
    now = item.placed.rect.centre_x + item.pos().x()
    assert min(settled, item.placed.rect.centre_x) <= now <= max(settled, item.placed.rect.centre_x)
    assert item.placed.rect.centre_x != settled
    (glide,) = hovering.scene.findChildren(Glide)
    glide.setCurrentTime(glide.duration())
    assert not any(on_its_way(hovering, i) for i in range(46) if i != 14)


def test_a_drop_on_the_way_lands_everything(hovering: "Editor") -> None:
    hovering.release(hovering.place("10"))
    assert hovering.ids("10") == [18, 14, 19]
    assert not any(on_its_way(hovering, i) for i in range(46))


def test_escape_on_the_way_puts_everything_back(hovering: "Editor") -> None:
    hovering.key(Qt.Key.Key_Escape)
    assert not any(on_its_way(hovering, i) for i in range(46))
    layout = hovering.scene.karyogram_layout()
    assert all(hovering.scene.chromosome_item(i).placed == layout.chromosomes[i] for i in range(46))


def test_nothing_glides_where_nothing_moves(editor: "Editor") -> None:
    glide = Glide(editor.scene)
    glide.around([editor.scene.chromosome_item(i) for i in range(46)], lambda: None)
    assert glide.state() == Glide.State.Stopped
