"""The bench opens a real window on real files, and every figure it promises is there."""

from collections.abc import Callable
from pathlib import Path

import pytest

from karyogui.bench import run
from karyogui.bench.run import Bench
from karyogui.main_window import MainWindow


def test_the_figures_of_a_run_without_training(
    make_window: Callable[[], MainWindow],
    draw_folder: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(run, "_DROPS", 2)
    monkeypatch.setattr(run, "_QUIET_S", 0.1)
    said: list[str] = []
    window = make_window()
    bench = Bench(window, said.append)
    bench.open([draw_folder("a", 8)])
    bench.quiet()
    bench.drops()
    bench.drag_all("drag")
    bench.classify()
    entry = window.session.current()
    assert entry is not None
    assert not entry.has_changes()  # all was taken back, so that each round meets the same karyogram
    figures = bench.figures
    assert figures["drag_items"] == 8
    assert figures["drag_frames"] > 50
    assert 0 < figures["drag_frame_work_ms"] <= figures["drag_frame_work_longest_ms"]
    assert figures["drop_to_repaint_ms"] > 0
    for name in ("first_classification", "quiet", "classification"):
        assert figures[f"{name}_longest_stall_ms"] >= 0
        assert figures[f"{name}_seconds"] > 0
    assert said == ["first classification", "quiet", "classification"]
    bench.close()
    assert window.is_closed()
