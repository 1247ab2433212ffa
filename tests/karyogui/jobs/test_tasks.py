"""The tasks ask the real engine: find, read, classify, list."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.bundle import list_bundles as installed
from engine.errors import Cancelled, InputError
from engine.progress import SilentReporter
from karyogui.jobs.tasks import Tasks, images_of
from karyogui.samples import sample_path

DrawFolder = Callable[..., Path]


class StopAtOnce(SilentReporter):
    """Wants nothing to be done."""

    def check_cancelled(self) -> None:
        raise Cancelled


def test_a_drawn_folder_is_found_and_read(draw_folder: DrawFolder) -> None:
    tasks, folder = Tasks(), draw_folder(count=3)
    (source,) = tasks.find_cells([folder])(SilentReporter())
    cell = tasks.read_cell(source)(SilentReporter())
    assert (cell.name, cell.stain, len(cell.chromosomes)) == ("cell a", "g", 3)
    assert cell.paths == tuple(folder / f"{number:03}.png" for number in range(3))
    images = images_of(cell)
    assert [image.source for image in images.chromosomes] == ["000.png", "001.png", "002.png"]
    assert images.chromosomes[0].pixels is cell.chromosomes[0].pixels


def test_reading_can_be_cancelled_and_refuses_what_is_not_there(draw_folder: DrawFolder, tmp_path: Path) -> None:
    tasks = Tasks()
    (source,) = tasks.find_cells([draw_folder()])(SilentReporter())
    with pytest.raises(Cancelled):
        tasks.read_cell(source)(StopAtOnce())
    with pytest.raises(InputError, match="not there"):
        tasks.find_cells([tmp_path / "not there"])(SilentReporter())


def test_installed_bundles_are_listed() -> None:
    choices = Tasks().list_bundles()(SilentReporter())
    assert [choice.name for choice in choices] == [entry.name for entry in installed()]
    assert all(choice.text.startswith(choice.name) for choice in choices)


@pytest.mark.skipif(not installed(), reason="no bundle is shipped with this checkout")
def test_the_sample_is_classified_by_the_shipped_bundle(qtbot: Any, make_real_window: Callable[[], Any]) -> None:
    window = make_real_window()
    window.session.open_paths([sample_path("46,XY")])
    qtbot.waitUntil(lambda: len(window.session.cells()) == 1 and not window.session.is_busy(), timeout=60_000)
    entry = window.session.cells()[0]
    placements = entry.document.placements()
    assert len(placements) == 46
    assert entry.document.karyotype_text() == "46,XY"
    assert entry.document.bundle() is not None
    predictions = [c.prediction for c in entry.document.cell().chromosomes]
    assert all(np.isclose(sum(p.probabilities), 1.0, atol=1e-3) for p in predictions if p is not None)
    assert None not in predictions
