"""Super-resolution in a real window: a way of looking that says what it is, and never touches the data."""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QLabel
from pytestqt.qtbot import QtBot

from engine.errors import BundleError
from engine.progress import Reporter
from karyogui.editor.view import KaryogramView
from karyogui.jobs.tasks import Tasks
from karyogui.main_window import MainWindow
from karyogui.model.cell import Chromosome
from karyogui.model.enlarged import Enlarged
from karyogui.model.view_settings import ViewSettings

DrawFolder = Callable[..., Path]
OpenAndWait = Callable[..., None]
SHIFT = Qt.KeyboardModifier.ShiftModifier


@dataclass
class Network:
    """Stands in for SRAFBN: every pixel four times. `open` lets it go on; `bundle` None: none is installed."""

    bundle: str | None = "twice"
    open: threading.Event = field(default_factory=threading.Event)
    error: Exception | None = None
    asked: list[list[int]] = field(default_factory=list)  # chromosome ids
    preferred: list[str] = field(default_factory=list)

    def find(self, stain: str, preferred: str) -> Callable[[Reporter], str | None]:
        self.preferred.append(preferred)
        return lambda reporter: self.bundle

    def enlarge(
        self, chromosomes: Sequence[Chromosome], bundle: str, done: int, total: int
    ) -> Callable[[Reporter], list[Enlarged]]:
        def work(reporter: Reporter) -> list[Enlarged]:
            self.asked.append([c.id for c in chromosomes])
            reporter.report(done, total)
            assert self.open.wait(30), "nobody opened the gate"
            reporter.check_cancelled()
            if self.error is not None:
                raise self.error
            twice = np.ones((2, 2))
            return [
                Enlarged(c.pixels, np.kron(c.pixels, twice), np.kron(c.mask, twice) > 0, f"{bundle} 1.0")
                for c in chromosomes
            ]

        return work


@pytest.fixture
def network() -> Iterator[Network]:
    made = Network()
    made.open.set()
    yield made
    made.open.set()


@pytest.fixture
def make(windows: Callable[[Tasks], MainWindow], classifier: Any, network: Network) -> Callable[[], MainWindow]:
    def made() -> MainWindow:
        tasks = replace(classifier.tasks(), find_superresolution=network.find, superresolve=network.enlarge)
        return windows(tasks)

    return made


@pytest.fixture
def opened(
    qtbot: QtBot, make: Callable[[], MainWindow], draw_folder: DrawFolder, open_and_wait: OpenAndWait
) -> tuple[MainWindow, KaryogramView]:
    """Show a classified cell of eight, the karyogram focused."""
    window = make()
    open_and_wait(window, draw_folder(count=8))
    qtbot.waitUntil(lambda: window.desk.kinds() == ())
    view = window.pages.view()
    assert view is not None
    window.activateWindow()
    view.setFocus()
    return window, view


def shown(window: MainWindow) -> list[int]:
    """The chromosomes that are drawn super-resolved."""
    entry = window.session.current()
    assert entry is not None
    return sorted(window.pages.enlargements(entry.id))


def status(window: MainWindow) -> str:
    return window.status.facts.text().split("  ·  ")[-1]


def test_one_key_shows_all_super_resolved_and_back_and_changes_no_data(
    qtbot: QtBot, opened: tuple[MainWindow, KaryogramView], network: Network
) -> None:
    window, view = opened
    entry = window.session.current()
    assert entry is not None
    before = entry.document.state()
    place = view.scene().karyogram_layout()
    assert status(window) == "original pixels"
    QTest.keyClick(view, "o")
    qtbot.waitUntil(lambda: status(window) == "super-resolved")
    assert shown(window) == list(range(8))
    item = view.scene().chromosome_item(0)
    assert item.image.width() == 2 * item.chromosome.pixels.shape[1]
    assert "Super-resolved (SR)" in item.toolTip()
    assert window.actions_["superresolved"].isChecked()
    assert view.scene().karyogram_layout() == place
    QTest.keyClick(view, "o")
    assert status(window) == "original pixels"
    assert shown(window) == []
    assert item.image.width() == item.chromosome.pixels.shape[1]
    assert network.asked == [[0, 1, 2, 3, 4, 5], [6, 7]]
    QTest.keyClick(view, "o")  # what was made is kept
    assert status(window) == "super-resolved"
    assert len(network.asked) == 2
    after = entry.document.state()
    assert before is not None
    assert after is not None
    assert (after.cell, after.placements) == (before.cell, before.placements)
    assert entry.undo_stack.count() == 0


def test_the_first_are_shown_while_the_others_are_made(
    qtbot: QtBot, opened: tuple[MainWindow, KaryogramView], network: Network
) -> None:
    window, view = opened
    network.open.clear()
    view.select([7])
    QTest.keyClick(view, "o")
    qtbot.waitUntil(lambda: window.status.work_text.text() == "Super-resolving cell a")
    assert status(window) == "original pixels"  # what is wanted is not what is shown
    network.open.set()
    qtbot.waitUntil(lambda: len(shown(window)) == 8)
    assert network.asked[0][0] == 7  # the chosen one first
    assert not window.status.is_working()


def test_single_chromosomes_differ_from_the_others(qtbot: QtBot, opened: tuple[MainWindow, KaryogramView]) -> None:
    window, view = opened
    view.select([2, 3])
    QTest.keyClick(view, "o", SHIFT)
    qtbot.waitUntil(lambda: shown(window) == [2, 3])
    assert status(window) == "2 of 8 super-resolved"
    assert not window.actions_["superresolved"].isChecked()
    QTest.keyClick(view, "o")
    qtbot.waitUntil(lambda: len(shown(window)) == 8)
    view.select([5])
    QTest.keyClick(view, "o", SHIFT)
    assert shown(window) == [0, 1, 2, 3, 4, 6, 7]
    view.select([5, 6])
    QTest.keyClick(view, "o", SHIFT)  # not all of them are: now they are
    assert len(shown(window)) == 8
    QTest.keyClick(view, "o", SHIFT)
    assert shown(window) == [0, 1, 2, 3, 4, 7]


def test_the_inspector_shows_it_beside_the_original(qtbot: QtBot, opened: tuple[MainWindow, KaryogramView]) -> None:
    window, view = opened
    inspector = window.pages.inspector()
    assert inspector is not None
    view.select([4])
    box = next(b for b in inspector.findChildren(QCheckBox) if b.text() == "Super-resolved beside the original")
    assert len(inspector._view.chromosome_places()) == 1
    QTest.mouseClick(box, Qt.MouseButton.LeftButton, pos=box.rect().center() - box.rect().center() * 0.95)
    qtbot.waitUntil(lambda: shown(window) == [4])
    assert box.isChecked()
    left, right = inspector._view.chromosome_places()
    assert left.size() == right.size()
    view.select([4, 5])
    assert not box.isChecked()
    assert box.text() == "Super-resolved"
    view.select([4])
    QTest.mouseClick(box, Qt.MouseButton.LeftButton, pos=box.rect().center() - box.rect().center() * 0.95)
    assert shown(window) == []
    assert len(inspector._view.chromosome_places()) == 1


def test_without_a_bundle_it_is_disabled_and_says_why(
    qtbot: QtBot, make: Callable[[], MainWindow], network: Network, draw_folder: DrawFolder, open_and_wait: OpenAndWait
) -> None:
    network.bundle = None
    window = make()
    assert not window.actions_["superresolved"].isEnabled()
    open_and_wait(window, draw_folder())
    reason = "No installed bundle has a super-resolution network"
    qtbot.waitUntil(lambda: reason in window.actions_["superresolved"].toolTip())
    assert not window.actions_["superresolved"].isEnabled()
    assert reason in window.seeing.panel.superresolved.toolTip()
    assert not window.seeing.panel.superresolved.isEnabled()
    inspector = window.pages.inspector()
    assert inspector is not None
    assert reason in inspector._superresolved.toolTip()
    network.bundle = "twice"
    window.seeing.superresolving.look_for_bundle()  # one was installed
    qtbot.waitUntil(window.actions_["superresolved"].isEnabled)
    assert reason not in window.actions_["superresolved"].toolTip()
    assert window.seeing.panel.superresolved.isEnabled()


def test_cancelling_goes_back_to_the_original_pixels(
    qtbot: QtBot, opened: tuple[MainWindow, KaryogramView], network: Network
) -> None:
    window, view = opened
    network.open.clear()
    QTest.keyClick(view, "o")
    qtbot.waitUntil(lambda: bool(network.asked))
    QTest.mouseClick(window.status.cancel, Qt.MouseButton.LeftButton)
    assert not window.actions_["superresolved"].isChecked()
    assert view.settings() == ViewSettings()
    network.open.set()
    qtbot.waitUntil(lambda: window.desk.kinds() == ())
    assert status(window) == "original pixels"
    assert shown(window) == []


def test_a_failure_is_said_and_the_original_pixels_stay(
    qtbot: QtBot, opened: tuple[MainWindow, KaryogramView], network: Network
) -> None:
    window, view = opened
    network.error = BundleError("The bundle twice cannot be used: it is damaged.")
    QTest.keyClick(view, "o")
    qtbot.waitUntil(lambda: not window.actions_["superresolved"].isChecked())
    assert any("it is damaged" in label.text() for label in window.messages.findChildren(QLabel))
    assert status(window) == "original pixels"


def test_switching_it_off_stops_the_work(
    qtbot: QtBot, opened: tuple[MainWindow, KaryogramView], network: Network
) -> None:
    window, view = opened
    network.open.clear()
    QTest.keyClick(view, "o")
    qtbot.waitUntil(lambda: bool(network.asked))
    QTest.keyClick(view, "o")
    assert window.desk.kinds() == ()
    network.open.set()
    assert status(window) == "original pixels"


def test_another_cell_is_made_when_it_is_shown_and_forgotten_when_closed(
    qtbot: QtBot,
    opened: tuple[MainWindow, KaryogramView],
    network: Network,
    draw_folder: DrawFolder,
    open_and_wait: OpenAndWait,
) -> None:
    window, view = opened
    QTest.keyClick(view, "o")
    qtbot.waitUntil(lambda: status(window) == "super-resolved")
    open_and_wait(window, draw_folder("cell b", count=4))
    qtbot.waitUntil(lambda: status(window) == "super-resolved")
    assert network.asked[-1] == [0, 1, 2, 3]
    first, second = window.session.cells()
    window.session.close_cell(second.id)
    assert window.session.current() is first
    assert status(window) == "super-resolved"


def test_straightened_ones_are_made_too_and_the_chosen_one_as_it_was_read(
    qtbot: QtBot, opened: tuple[MainWindow, KaryogramView]
) -> None:
    window, view = opened
    QTest.keyClick(view, "s")
    qtbot.waitUntil(lambda: all(view.scene().is_straightened(i) for i in range(8)))
    view.select([3])
    QTest.keyClick(view, "o")
    qtbot.waitUntil(lambda: status(window) == "super-resolved")
    qtbot.waitUntil(lambda: window.desk.kinds() == ())
    item = view.scene().chromosome_item(3)
    assert item.enlarged is not None
    assert item.enlarged.source is item.chromosome.pixels
    inspector = window.pages.inspector()
    assert inspector is not None
    assert len(inspector._view.chromosome_places()) == 2
    QTest.keyClick(view, "s")
    qtbot.waitUntil(lambda: status(window) == "super-resolved")


def test_a_cut_piece_is_new_and_cutting_sees_the_original(
    qtbot: QtBot, opened: tuple[MainWindow, KaryogramView], network: Network
) -> None:
    from karyogui.editor import cutting

    window, view = opened
    QTest.keyClick(view, "o")
    qtbot.waitUntil(lambda: status(window) == "super-resolved")
    entry = window.session.current()
    assert entry is not None
    document = entry.document
    cell = document.cell()
    assert cell is not None
    whole = cell.chromosome(0)
    pieces = [
        Chromosome(20 + n, whole.source, whole.pixels[rows].copy(), whole.mask[rows].copy())
        for n, rows in enumerate((slice(0, 40), slice(40, None)))
    ]
    entry.undo_stack.push(cutting.replace_chromosomes(document, [0], pieces, "Split"))
    qtbot.waitUntil(lambda: {20, 21} <= set(shown(window)))
    assert network.asked[-1] == [20, 21]
    entry.undo_stack.undo()
    assert shown(window) == list(range(8))  # kept


def test_the_panel_switches_it_and_resets_it(qtbot: QtBot, opened: tuple[MainWindow, KaryogramView]) -> None:
    window, view = opened
    QTest.keyClick(view, "v")
    box = window.seeing.panel.superresolved
    QTest.mouseClick(box, Qt.MouseButton.LeftButton, pos=box.rect().center() - box.rect().center() * 0.95)
    qtbot.waitUntil(lambda: status(window) == "super-resolved")
    QTest.mouseClick(window.seeing.panel.reset, Qt.MouseButton.LeftButton)
    assert status(window) == "original pixels"


def test_choosing_a_bundle_looks_again(opened: tuple[MainWindow, KaryogramView], network: Network) -> None:
    window, _ = opened
    assert network.preferred == [""]
    window.bundles.choose("mine")
    assert network.preferred == ["", "mine"]
