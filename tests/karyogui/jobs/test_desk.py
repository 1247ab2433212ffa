"""The job desk: the newest of a kind answers, lanes do not wait for each other, closing leaves no thread."""

import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from engine.progress import Reporter
from karyogui.jobs.desk import JobDesk


def test_the_newest_of_a_kind_answers(qtbot: QtBot) -> None:
    desk, release, answers = JobDesk(), threading.Event(), []

    def slow(reporter: Reporter) -> str:
        assert release.wait(30)
        return "old"

    old = desk.start("classify:1", slow, on_success=answers.append, on_cancel=lambda: answers.append("cancelled"))
    desk.start("classify:1", lambda reporter: "new", on_success=answers.append)
    assert answers == ["cancelled"]
    with qtbot.waitSignal(old.ended):
        release.set()
    qtbot.waitUntil(lambda: desk.kinds() == ())
    assert answers == ["cancelled", "new"]
    desk.close()


def test_reading_does_not_wait_for_inference(qtbot: QtBot) -> None:
    desk, release, answers = JobDesk(), threading.Event(), []
    desk.start("classify:1", lambda reporter: release.wait(30))
    desk.start("read:2", lambda reporter: "read", lane="files", on_success=answers.append)
    qtbot.waitUntil(lambda: answers == ["read"])
    assert desk.kinds() == ("classify:1",)
    release.set()
    desk.close()


def test_progress_names_its_kind(qtbot: QtBot) -> None:
    desk, seen = JobDesk(), []
    desk.progressed.connect(lambda *facts: seen.append(facts))

    def work(reporter: Reporter) -> None:
        reporter.report(3, 46, "chromosomes")

    desk.start("classify:1", work)
    qtbot.waitUntil(lambda: desk.kinds() == ())
    assert seen == [("classify:1", 3, 46, "chromosomes")]
    desk.close()


def test_closing_cancels_then_waits(qtbot: QtBot) -> None:
    desk, started, trail = JobDesk(), threading.Event(), []

    def work(reporter: Reporter) -> Any:
        started.set()
        try:
            while True:
                reporter.check_cancelled()
        finally:
            trail.append("stopped")

    desk.start("classify:1", work)
    assert started.wait(30)
    desk.executor("files").submit(trail.append, "written")
    desk.close()
    assert sorted(trail) == ["stopped", "written"]
    with pytest.raises(RuntimeError):
        desk.start("classify:2", work)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a priority for each thread")
def test_no_thread_that_can_hold_the_interpreter_has_less_priority_than_the_window(qtbot: QtBot) -> None:
    """Such a thread, left without the processor on a busy machine, would stop the window for as long."""
    desk, found = JobDesk(), {}

    def nice() -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    for lane in ("engine", "training", "looks"):
        desk.start(
            f"ask:{lane}", lambda _reporter: nice(), lane=lane, on_success=lambda v, lane=lane: found.update({lane: v})
        )
    qtbot.waitUntil(lambda: len(found) == 3)
    assert set(found.values()) == {nice()}
    desk.close()


def test_a_job_is_not_deleted_while_its_thread_is_in_it(qtbot: QtBot) -> None:
    class Lingering(ThreadPoolExecutor):
        """Its thread stays in the work a while after the last signal, as on a busy machine."""

        def submit(self, work: Any, /, *arguments: Any, **named: Any) -> Any:
            def lingered() -> None:
                work(*arguments, **named)
                left.wait(0.3)
                left.set()

            return super().submit(lingered)

    desk, left, deleted = JobDesk(), threading.Event(), []
    desk._lanes["engine"] = Lingering(1)
    job = desk.start("classify:1", lambda reporter: None)
    job.destroyed.connect(lambda: deleted.append(left.is_set()))
    del job
    qtbot.waitUntil(lambda: bool(deleted))
    assert deleted == [True]
    desk.close()
