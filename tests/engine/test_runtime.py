"""A network runs in small pieces, always with the same numbers, and stops when it is asked to."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from engine.bundle import Bundle, NetworkFiles
from engine.errors import BundleError, Cancelled
from engine.runtime import THREADS_VARIABLE, Session, default_threads, open_session


def inputs(count: int) -> dict[str, np.ndarray[tuple[int, ...], np.dtype[np.float32]]]:
    random = np.random.default_rng(count)
    return {
        "images": random.random((count, 1, 96, 32), np.float32),
        "size": random.standard_normal((count, 3)).astype(np.float32),
    }


def test_pieces_give_what_torch_gives_at_once(ruler: Bundle, ruler_net: nn.Module) -> None:
    session, given = Session(ruler, "classifier", threads=1), inputs(19)  # three pieces of at most 8
    got = session.run(given)
    with torch.no_grad():
        want = ruler_net(*map(torch.from_numpy, given.values()))
    for name, values in zip(session.outputs, want, strict=True):
        np.testing.assert_allclose(got[name], values.numpy(), rtol=2e-3, atol=2e-3)
    assert got["label_logits"].shape == (19, 24)


def test_same_numbers_every_time(ruler: Bundle) -> None:
    session, given = Session(ruler, "classifier", threads=2), inputs(12)
    first, second = session.run(given), session.run(given)
    assert all(np.array_equal(first[name], second[name]) for name in first)


class Watch:
    """Counts, and cancels when `after` pieces are done."""

    def __init__(self, after: int) -> None:
        self.after, self.reports = after, list[tuple[int, int]]()

    def report(self, done: int, total: int, message: str = "") -> None:
        self.reports.append((done, total))

    def check_cancelled(self) -> None:
        if len(self.reports) == self.after:
            raise Cancelled


def test_progress_by_piece(ruler: Bundle) -> None:
    watch = Watch(after=99)
    Session(ruler, "classifier", threads=1).run(inputs(19), watch)
    assert watch.reports == [(6, 19), (13, 19), (19, 19)]


@pytest.mark.parametrize("after", [0, 1, 2])
def test_cancel_stops_before_the_next_piece(ruler: Bundle, after: int) -> None:
    watch = Watch(after)
    with pytest.raises(Cancelled):
        Session(ruler, "classifier", threads=1).run(inputs(19), watch)
    assert len(watch.reports) == after


def test_a_session_is_opened_once_for_a_bundle(ruler: Bundle) -> None:
    again = Bundle(ruler.card, ruler.networks, ruler.source)  # read anew, perhaps with other weights
    assert open_session(ruler, "classifier") is open_session(ruler, "classifier")
    assert open_session(again, "classifier") is not open_session(ruler, "classifier")


def test_a_graph_the_runtime_refuses(ruler: Bundle, capfd: pytest.CaptureFixture[str]) -> None:
    files = ruler.networks["classifier"]
    foreign = Bundle(ruler.card, {"classifier": NetworkFiles(files.graph[:200], files.weights)}, "foreign")
    with pytest.raises(BundleError, match=r"^The bundle foreign cannot be run: [^\n]+$"):
        Session(foreign, "classifier")
    assert capfd.readouterr() == ("", "")


def test_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(THREADS_VARIABLE, "3")
    assert default_threads() == 3
    for useless in ("0", "many", ""):
        monkeypatch.setenv(THREADS_VARIABLE, useless)
        assert 1 <= default_threads() <= 8


def test_batch_of_one(ruler: Bundle) -> None:
    networks = {"classifier": replace(ruler.card.networks["classifier"], batch=1)}
    single = Bundle(replace(ruler.card, networks=networks), ruler.networks, "single")
    together, apart = (Session(b, "classifier", threads=1).run(inputs(3)) for b in (ruler, single))
    np.testing.assert_allclose(together["polarity_logits"], apart["polarity_logits"], rtol=1e-4, atol=1e-4)
