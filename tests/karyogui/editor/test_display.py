"""What the view settings do to the picture, and that the document never hears of them."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from karyogui.editor.handles import CentromereHandle, TurnHandle
from karyogui.editor.ideogram_item import IdeogramItem
from karyogui.model.straight import Straight
from karyogui.model.tone import Tone
from karyogui.model.view_settings import ViewSettings

if TYPE_CHECKING:
    from tests.karyogui.editor.conftest import Editor


def darkness(editor: "Editor", chromosome_id: int) -> float:
    image = editor.scene.chromosome_item(chromosome_id).image
    grey = np.asarray(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
    return float(255 - grey[3:-3, 3:-3, 0].mean())


@pytest.mark.parametrize(
    "settings",
    [
        ViewSettings(tone=Tone(gamma=2.0)),
        ViewSettings(tone=Tone(contrast=0.5, sharpening=1.0)),
        ViewSettings(inverted=True, group_letters=True, ideograms=850, arrangement="sex_in_groups"),
    ],
)
def test_settings_change_the_picture_and_nothing_else(editor: "Editor", qtbot: QtBot, settings: ViewSettings) -> None:
    editor.click(14)
    before, state = darkness(editor, 14), editor.document.state()
    with qtbot.assertNotEmitted(editor.document.placements_changed):
        editor.view.set_settings(settings)
    assert editor.view.settings() == settings
    assert abs(darkness(editor, 14) - before) > 3
    assert editor.view.selected_ids() == [14]
    after = editor.document.state()
    assert state is not None
    assert after is not None
    assert after.placements == state.placements
    assert after.cell is state.cell
    assert editor.stack.count() == 0
    editor.view.set_settings(ViewSettings())
    assert darkness(editor, 14) == before


def test_gamma_brightens_what_is_pale(editor: "Editor") -> None:
    before = darkness(editor, 14)
    editor.view.set_settings(ViewSettings(tone=Tone(gamma=2.0)))
    assert darkness(editor, 14) < before


def ideograms(editor: "Editor") -> list[IdeogramItem]:
    return [item for item in editor.scene.items() if isinstance(item, IdeogramItem)]


def test_ideograms_name_the_band_under_the_pointer(editor: "Editor") -> None:
    editor.view.set_settings(ViewSettings(ideograms=550))
    assert len(ideograms(editor)) == 24
    rect = editor.scene.karyogram_layout().slot("8").ideogram
    assert rect is not None
    near = editor.view.mapFromScene(QPointF(rect.centre_x, rect.bottom - 1))
    QTest.mouseMove(editor.view.viewport(), near + QPoint(60, 0))
    QTest.mouseMove(editor.view.viewport(), near)
    named = [item.hovered() for item in ideograms(editor) if item.hovered()]
    assert [band.name for band in named if band] == ["q24.3"]
    QTest.mouseMove(editor.view.viewport(), QPoint(2, 2))
    assert not any(item.hovered() for item in ideograms(editor))


def test_ideograms_follow_edits_and_go_on_request(editor: "Editor") -> None:
    editor.view.set_settings(ViewSettings(ideograms=400))
    before = editor.scene.karyogram_layout().slot("8").ideogram
    editor.drag(42, editor.place("8"))
    after = editor.scene.karyogram_layout().slot("8").ideogram
    assert before is not None
    assert after is not None
    assert after.height < before.height  # the mean of three now, one of them a 22
    editor.view.set_settings(ViewSettings())
    assert ideograms(editor) == []


# --- the straightened display ------------------------------------------------------------------------------------


@pytest.fixture
def straightened(editor: "Editor") -> "Editor":
    """Chromosome 14 lies askew; straightened it is a bar of other proportions."""
    cell = editor.document.cell()
    assert cell is not None
    pixels = cell.chromosome(14).pixels
    look = np.ones((70, 10), np.bool_)
    line = np.column_stack([np.zeros(70), np.linspace(-38, 38, 70)])
    editor.document.replace([replace(editor.document.placement(14), rotation_deg=20.0)])
    editor.scene.set_straights({14: Straight(pixels, look.astype(np.float32), look, line)})
    return editor


def test_straightened_is_shown_upright_and_edits_stay_true(straightened: "Editor") -> None:
    editor = straightened
    assert not editor.scene.is_straightened(14)
    editor.click(14)
    scale = editor.scene.karyogram_layout().scale
    editor.view.set_settings(ViewSettings(straightened=True))
    assert editor.scene.is_straightened(14)
    assert not editor.scene.is_straightened(15)
    assert editor.view.selected_ids() == [14]
    placed = editor.scene.karyogram_layout().chromosomes[14]
    assert placed.rotation_deg == 0.0
    assert placed.rect.height == pytest.approx(70 * scale)
    assert editor.scene.karyogram_layout().scale == scale
    assert editor.document.placement(14).rotation_deg == 20.0
    editor.key("f")
    assert editor.document.placement(14).rotation_deg == -160.0
    assert editor.scene.karyogram_layout().chromosomes[14].rotation_deg == 180.0
    editor.drag(14, editor.place("10"))
    assert editor.label(14) == "10"
    editor.view.set_settings(ViewSettings())
    assert editor.scene.karyogram_layout().chromosomes[14].rotation_deg == -160.0


def test_what_stands_straight_is_not_turned(straightened: "Editor") -> None:
    editor = straightened
    editor.view.set_settings(ViewSettings(straightened=True))
    editor.click(14)
    (knob,) = (item for item in editor.scene.items() if isinstance(item, TurnHandle))
    assert not knob.isVisible()
    editor.key("r")
    assert editor.stack.count() == 0
    editor.click(15)
    assert knob.isVisible()
    editor.key("r")
    assert editor.stack.count() == 1


def test_the_centromere_is_dragged_where_it_is_seen(straightened: "Editor") -> None:
    editor = straightened
    editor.view.set_settings(ViewSettings(straightened=True))
    editor.click(14)
    (arrow,) = (item for item in editor.scene.items() if isinstance(item, CentromereHandle))
    start = editor.view.mapFromScene(arrow.pos()) + QPoint(-8, 0)
    rect = editor.scene.karyogram_layout().chromosomes[14].rect
    end = QPoint(start.x(), editor.view.mapFromScene(0, rect.y + 0.7 * rect.height).y())
    editor.press(start)
    editor.move(start, end)
    editor.release(end)
    after = editor.scene.karyogram_layout().chromosomes[14]
    assert (after.centromere_y - after.rect.y) / after.rect.height == pytest.approx(0.7, abs=0.04)
    assert editor.document.placement(14).centromere == pytest.approx(0.7, abs=0.1)
    assert editor.stack.undoText() == "Move centromere"


def test_keys_of_the_window_are_left_alone(editor: "Editor") -> None:
    editor.click(14)
    for key in ("s", "i", "c", "v"):
        editor.key(key)
    editor.key("l", Qt.KeyboardModifier.ControlModifier)
    assert editor.stack.count() == 0
    assert not editor.view.has_lens()
