"""The view menu in a real window: every key changes the picture and nothing else."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from karyogui.editor.view import KaryogramView
from karyogui.main_window import MainWindow
from karyogui.model.view_settings import ViewSettings

DrawFolder = Callable[..., Path]
OpenAndWait = Callable[..., None]


@pytest.fixture
def opened(
    qtbot: QtBot, window: MainWindow, draw_folder: DrawFolder, open_and_wait: OpenAndWait
) -> tuple[MainWindow, KaryogramView]:
    """Show a classified cell, the karyogram focused."""
    open_and_wait(window, draw_folder())
    view = window.pages.view()
    assert view is not None
    window.activateWindow()
    view.setFocus()
    return window, view


@pytest.mark.parametrize(
    ("key", "modifier", "settings"),
    [
        ("g", Qt.KeyboardModifier.NoModifier, ViewSettings(group_letters=True)),
        ("i", Qt.KeyboardModifier.NoModifier, ViewSettings(ideograms=550)),
        ("s", Qt.KeyboardModifier.NoModifier, ViewSettings(straightened=True)),
        ("i", Qt.KeyboardModifier.ControlModifier, ViewSettings(inverted=True)),
    ],
)
def test_a_key_switches_it_on_and_off(
    opened: tuple[MainWindow, KaryogramView], qtbot: QtBot, key: str, modifier: Qt.KeyboardModifier, settings: Any
) -> None:
    window, view = opened
    QTest.keyClick(view, key, modifier)
    assert view.settings() == window.seeing.settings() == settings
    names = ("group_letters", "ideograms", "straightened", "inverted")
    checked = [name for name in names if window.actions_[name].isChecked()]
    assert len(checked) == 1
    QTest.keyClick(view, key, modifier)
    assert view.settings() == ViewSettings()
    entry = window.session.current()
    assert entry is not None
    assert entry.undo_stack.count() == 0
    qtbot.waitUntil(lambda: window.desk.kinds() == ())


def test_a_cell_opened_later_looks_the_same(
    opened: tuple[MainWindow, KaryogramView], draw_folder: DrawFolder, open_and_wait: OpenAndWait
) -> None:
    window, view = opened
    QTest.keyClick(view, "g")
    open_and_wait(window, draw_folder("cell b"))
    other = window.pages.view()
    assert other is not None
    assert other is not view
    assert other.settings().group_letters


def test_straightened_looks_are_made_in_the_background_and_once(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, open_and_wait: OpenAndWait
) -> None:
    folder = tmp_path / "bent"
    folder.mkdir()
    y, x = np.mgrid[0:110, 0:110] - 54.5
    ring = (np.abs(np.hypot(x, y) - 40) <= 5) & (y < 0)
    for number in range(3):
        Image.fromarray(np.where(ring, 60 + 20 * number, 255).astype(np.uint8)).save(folder / f"{number}.png")
    open_and_wait(window, folder)
    view = window.pages.view()
    assert view is not None
    scene = view.scene()
    before = scene.karyogram_layout().chromosomes[0].rect
    view.setFocus()
    QTest.keyClick(view, "s")
    qtbot.waitUntil(lambda: all(scene.is_straightened(i) for i in range(3)))
    after = scene.karyogram_layout().chromosomes[0].rect
    assert max(after.height, after.width) > 1.2 * max(before.height, before.width)
    QTest.keyClick(view, "s")
    assert scene.karyogram_layout().chromosomes[0].rect == before
    QTest.keyClick(view, "s")
    assert window.desk.kinds() == ()  # they were kept
    assert scene.is_straightened(0)


def test_the_panel_changes_the_view_and_resets_it(opened: tuple[MainWindow, KaryogramView]) -> None:
    window, view = opened
    QTest.keyClick(view, "v")
    panel = window.seeing.panel
    assert panel.isVisible()
    assert window.actions_["view_settings"].isChecked()
    assert window.pages.karyograms.rect().contains(panel.geometry())
    QTest.keyClick(panel.contrast.slider, Qt.Key.Key_PageUp)
    assert view.settings().tone.contrast == pytest.approx(0.1)
    QTest.mouseClick(panel.straightened, Qt.MouseButton.LeftButton, pos=QPoint(6, panel.straightened.height() // 2))
    assert view.settings().straightened
    assert window.actions_["straightened"].isChecked()
    QTest.mouseClick(panel.reset, Qt.MouseButton.LeftButton)
    assert view.settings() == ViewSettings()
    QTest.keyClick(view, "v")
    assert not panel.isVisible()


def test_the_lens_action_follows_the_key(opened: tuple[MainWindow, KaryogramView]) -> None:
    window, view = opened
    QTest.keyClick(view, "l")
    assert window.actions_["lens"].isChecked()
    assert view.has_lens()
    window.actions_["lens"].trigger()
    assert not view.has_lens()


def test_the_comparison_follows_the_selection(opened: tuple[MainWindow, KaryogramView]) -> None:
    window, view = opened
    QTest.keyClick(view, "c")
    assert not window.panels.compare.isHidden()
    QTest.keyClick(view, Qt.Key.Key_Home)
    assert window.seeing.compare.shown_ids() == (0, 1)
    QTest.keyClick(view, Qt.Key.Key_End)
    assert window.seeing.compare.shown_ids() == (4, 5)
    for chromosome_id, pair in ((2, (2, 3)), (1, (0, 1))):  # a click, too
        rect = view.scene().karyogram_layout().chromosomes[chromosome_id].rect
        point = view.mapFromScene(QPointF(rect.centre_x, rect.centre_y))
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, point)
        assert window.seeing.compare.shown_ids() == pair
    QTest.keyClick(view, Qt.Key.Key_End)
    QTest.keyClick(view, "t")
    assert window.seeing.compare.shown_ids() == (5,)
    QTest.keyClick(view, "c")
    assert window.panels.compare.isHidden()
