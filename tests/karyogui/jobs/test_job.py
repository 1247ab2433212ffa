"""The border between threads: each outcome is one signal, and cancel answers at once."""

import threading
import weakref
from concurrent.futures import ThreadPoolExecutor

import pytest
from pytestqt.qtbot import QtBot

from engine.errors import InputError
from engine.progress import Reporter
from karyogui.jobs.job import Job


@pytest.mark.parametrize("error", [InputError("no chromosomes found"), RuntimeError("CUDA out of memory")])
def test_failure_arrives_then_finished(qtbot: QtBot, error: Exception) -> None:
    def work(reporter: Reporter) -> None:
        raise error

    job, seen = Job(work), []
    job.failed.connect(seen.append)
    with ThreadPoolExecutor(1) as pool, qtbot.waitSignals([job.failed, job.finished, job.ended], order="strict"):
        job.start(pool)
    assert seen == [error]
    assert error.__traceback__ is None


def test_result_and_progress_arrive_in_the_gui_thread(qtbot: QtBot) -> None:
    where: list[int] = []

    def work(reporter: Reporter) -> int:
        reporter.report(1, 2, "half")
        return threading.get_ident()

    job, progress, results = Job(work), [], []
    job.progressed.connect(lambda *facts: (progress.append(facts), where.append(threading.get_ident())))
    job.succeeded.connect(results.append)
    with ThreadPoolExecutor(1) as pool, qtbot.waitSignal(job.ended):
        job.start(pool)
    assert progress == [(1, 2, "half")]
    assert where == [threading.get_ident()]
    assert results != where  # the work itself ran elsewhere
    assert job.is_finished()


class Held:
    """Stands for something of Qt's that the work refers to: it may die in the window's thread only."""


@pytest.mark.parametrize("outcome", ["returned", "failed", "cancelled in the queue"])
def test_what_the_work_referred_to_is_let_go_in_the_gui_thread(qtbot: QtBot, outcome: str) -> None:
    held, died_in = Held(), []
    weakref.finalize(held, lambda: died_in.append(threading.current_thread()))
    ready = threading.Event()

    def work(reporter: Reporter, held: Held = held) -> None:
        if outcome == "failed":
            raise InputError(str(held))

    job = Job(work)
    del work, held
    with ThreadPoolExecutor(1) as pool:
        pool.submit(ready.wait, 30)
        job.start(pool)
        if outcome == "cancelled in the queue":
            job.cancel()
        ready.set()
    assert died_in == []  # the thread is through, and nobody turned the event loop
    qtbot.waitUntil(lambda: bool(died_in))
    assert died_in == [threading.main_thread()]


def test_cancel_answers_at_once_and_the_late_result_is_dropped(qtbot: QtBot) -> None:
    started, release = threading.Event(), threading.Event()

    def step_that_cannot_be_interrupted(reporter: Reporter) -> str:
        started.set()
        assert release.wait(30)
        reporter.report(1, 1, "late")
        return "late"

    job, seen = Job(step_that_cannot_be_interrupted), []
    job.succeeded.connect(lambda _: seen.append("succeeded"))
    job.progressed.connect(lambda *_: seen.append("progressed"))
    job.cancelled.connect(lambda: seen.append("cancelled"))
    job.finished.connect(lambda: seen.append("finished"))
    with ThreadPoolExecutor(1) as pool:
        job.start(pool)
        assert started.wait(30)
        job.cancel()
        assert seen == ["cancelled", "finished"]  # while the step is still running
        with qtbot.waitSignal(job.ended):
            release.set()
    job.cancel()
    assert seen == ["cancelled", "finished"]


def test_work_that_asks_stops_itself(qtbot: QtBot) -> None:
    started, stopped = threading.Event(), threading.Event()

    def work(reporter: Reporter) -> None:
        started.set()
        try:
            while True:
                reporter.check_cancelled()
        finally:
            stopped.set()

    job = Job(work)
    with ThreadPoolExecutor(1) as pool:
        job.start(pool)
        assert started.wait(30)
        with qtbot.waitSignals([job.cancelled, job.finished, job.ended]):
            job.cancel()
    assert stopped.is_set()


def test_cancelled_in_the_queue_never_runs(qtbot: QtBot) -> None:
    release, ran = threading.Event(), []
    job = Job(lambda reporter: ran.append(1))
    with ThreadPoolExecutor(1) as pool:
        pool.submit(release.wait, 30)
        job.start(pool)
        job.cancel()
        with qtbot.waitSignal(job.ended):
            release.set()
    assert ran == []


def test_a_pause_holds_the_work_and_a_cancel_ends_it(qtbot: QtBot) -> None:
    turns, asked, reached = threading.Semaphore(0), threading.Semaphore(0), []

    def count(reporter: Reporter) -> None:
        while True:
            assert turns.acquire(timeout=30)
            asked.release()
            reporter.check_cancelled()
            reached.append(len(reached))

    job = Job(count)
    with ThreadPoolExecutor(1) as pool:
        job.start(pool)
        job.pause()
        assert job.is_paused()
        turns.release()
        assert asked.acquire(timeout=30)
        assert reached == []
        job.go_on()
        qtbot.waitUntil(lambda: reached == [0])
        job.pause()
        turns.release()
        assert asked.acquire(timeout=30)
        with qtbot.waitSignals([job.cancelled, job.ended]):
            job.cancel()  # the thread must not wait for ever
    assert reached == [0]
