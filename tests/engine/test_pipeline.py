"""A cell's images become labels, rotations and a karyotype. The network is right on drawn cells by construction."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import torch
from scipy.special import log_softmax

from engine.bundle import Bundle, load_bundle
from engine.card import CLASSIFIER, BundleCard, Calibration, NetworkCard, SizeTerm
from engine.errors import Cancelled, InputError
from engine.imaging.geometry import normalise_degrees
from engine.nets.classifiers import ChromosomeClassifier
from engine.pipeline import classify_cell, like_a_cell, see, with_size
from engine.runtime import Session
from engine.training.export import export_bundle
from engine.types import CLASS_INDEX, CLASS_LABELS, CellImages, CellResult

Cell = Callable[..., CellImages]


def with_card(bundle: Bundle, **changes: object) -> Bundle:
    return Bundle(replace(bundle.card, **changes), bundle.networks, bundle.source)  # type: ignore[arg-type]


def right(result: CellResult, labels: list[str]) -> int:
    return sum(c.label == label for c, label in zip(result.chromosomes, labels, strict=True))


def test_a_normal_cell(ruler: Bundle, draw_cell: Cell, normal_labels: list[str]) -> None:
    result = classify_cell(draw_cell(normal_labels, name="metaphase 3"), ruler)
    assert result.karyotype == "46,XX"
    assert [c.label for c in result.chromosomes] == normal_labels
    assert [c.source for c in result.chromosomes] == [f"{i:03d}.png" for i in range(46)]
    assert (result.cell, result.stain, result.bundle, result.warnings) == ("metaphase 3", "g", ruler.ref, ())
    assert result.seconds > 0
    for chromosome in result.chromosomes:
        assert sum(chromosome.probabilities) == pytest.approx(1.0)
        assert chromosome.image_label == CLASS_LABELS[int(np.argmax(chromosome.probabilities))]
        assert 0.0 <= chromosome.confidence <= 1.0
        assert 0.0 < chromosome.centromere < 1.0
        assert chromosome.label not in {other.label for other in chromosome.alternatives}
        shares = [other.probability for other in chromosome.alternatives]
        assert shares == sorted(shares, reverse=True)


def test_trisomy_21(ruler: Bundle, draw_cell: Cell, normal_labels: list[str]) -> None:
    labels = [*normal_labels[:-1], "Y", "21"]
    result = classify_cell(draw_cell(labels), ruler)
    assert result.karyotype == "47,XY,+21"
    assert right(result, labels) == 47


@pytest.mark.parametrize("averaging", [True, False])
def test_any_turn_is_undone(ruler: Bundle, draw_cell: Cell, normal_labels: list[str], averaging: bool) -> None:
    turns = [float(turn) for turn in np.random.default_rng(5).uniform(-180, 180, 46)]
    cell = draw_cell(normal_labels, turns)
    result = classify_cell(cell, with_card(ruler, half_turn_averaging=averaging))
    assert right(result, normal_labels) == 46
    for chromosome, turn in zip(result.chromosomes, turns, strict=True):
        assert -180.0 < chromosome.upright_rotation_deg <= 180.0
        assert abs(normalise_degrees(chromosome.upright_rotation_deg + turn)) < 6.0
        assert not chromosome.mirrored


def test_both_ways_up_give_one_answer(ruler: Bundle, draw_cell: Cell, normal_labels: list[str]) -> None:
    upright = see(draw_cell(normal_labels), ruler)
    turned = see(draw_cell(normal_labels, [180.0] * 46), ruler)
    np.testing.assert_allclose(upright.log_probabilities, turned.log_probabilities, atol=0.3)
    agree = np.sign(upright.polarity[:, 0]) * np.sign(turned.polarity[:, 0])
    same_way = np.abs(upright.adapted.rotation_deg - turned.adapted.rotation_deg) % 360 < 90
    assert (agree == np.where(same_way, -1, 1)).all()


def test_temperature_softens_and_changes_no_order(ruler: Bundle, draw_cell: Cell, normal_labels: list[str]) -> None:
    cell = draw_cell(normal_labels)
    sharp = see(cell, ruler).log_probabilities
    soft = see(cell, with_card(ruler, calibration=Calibration(temperature=4.0))).log_probabilities
    assert (sharp.argmax(axis=1) == soft.argmax(axis=1)).all()
    assert np.exp(soft).max(axis=1).mean() < np.exp(sharp).max(axis=1).mean() - 0.1
    np.testing.assert_allclose(np.exp(soft).sum(axis=1), 1.0)


def test_size_term() -> None:
    flat = np.full((3, 24), -np.log(24.0))
    flat[0, 0] = flat[2, 23] = -np.log(24.0) + 1e-9  # a hint, by which the sizes are told to be those of a whole cell
    term = SizeTerm(weight=0.5, mean=tuple(np.linspace(0.6, -0.6, 24)), sd=(0.1,) * 24)
    size = np.array([[0.6, 0.0, 1.0], [0.6, 0.0, 0.0], [-0.6, 0.0, 1.0]], np.float32)  # the second stands in no cell
    got = with_size(flat, size, term)
    step = 1.2 / 23 / 0.1
    assert got[0, 0] - got[0, 3] == pytest.approx(0.5 * 0.5 * (3 * step) ** 2, rel=1e-3)
    assert got[2, 23] - got[2, 20] == pytest.approx(0.5 * 0.5 * (3 * step) ** 2, rel=1e-3)
    np.testing.assert_allclose(np.exp(got).sum(axis=1), 1.0)
    np.testing.assert_allclose(got[1], flat[1])
    assert with_size(flat, size, None) is flat


def test_size_says_the_same_of_a_metaphase_cut_short() -> None:
    term = SizeTerm(weight=0.5, mean=tuple(np.linspace(0.6, -0.6, 24)), sd=(0.1,) * 24)
    truth = np.arange(24)
    said = np.full((24, 24), -5.0)
    said[truth, truth] = said[truth[::3], np.maximum(truth[::3] - 1, 0)] = 0.0  # a third could be the next larger one
    said = np.asarray(log_softmax(said, axis=1))
    area = np.linspace(0.6, -0.6, 24)
    size = np.stack([area, area, np.ones(24)], axis=1).astype(np.float32)
    whole = with_size(said, size, term)
    assert (whole.argmax(axis=1) == truth).all()
    small = size[14:].copy()  # the small ones alone, and so their median
    small[:, :2] -= np.median(small[:, :2], axis=0)
    assert (with_size(said[14:], small, term).argmax(axis=1) == truth[14:]).all()


def test_the_image_alone_is_told_apart_from_the_context(
    ruler: Bundle, draw_cell: Cell, normal_labels: list[str]
) -> None:
    labels = normal_labels.copy()
    labels[20] = "10"  # three 10, one 11: the cell's context makes the third one an 11
    result = classify_cell(draw_cell(labels), ruler)
    tens = [c for c, label in zip(result.chromosomes, labels, strict=True) if label == "10"]
    assert [c.image_label for c in tens] == ["10"] * 3
    assert sorted(str(c.label) for c in tens) == ["10", "10", "11"]
    assert all(c.probabilities[CLASS_INDEX["10"]] > 0.5 for c in tens)


@pytest.fixture(scope="module")
def leaning(tmp_path_factory: pytest.TempPathFactory, as_if_trained: Callable[..., ChromosomeClassifier]) -> Bundle:
    """A network that leans heavily on its cell; what it says is chance."""
    torch.manual_seed(2)
    model = as_if_trained(ChromosomeClassifier("resnet_tiny", cell_share=1.0))
    network = NetworkCard("resnet_tiny", {"cell_share": 1.0}, batch=96)
    folder = tmp_path_factory.mktemp("leaning") / "leaning"
    export_bundle(model, BundleCard("leaning", "1", "g", {CLASSIFIER: network}), folder)
    return load_bundle(folder)


def test_a_cell_is_seen_at_once_and_no_cell_one_by_one(
    leaning: Bundle, draw_cell: Cell, normal_labels: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pieces: list[int] = []
    run = Session.run

    def counted(session: Session, inputs: object, *rest: object, batch: int = 0) -> object:
        pieces.append(batch)
        return run(session, inputs, *rest, batch=batch)  # type: ignore[arg-type]

    monkeypatch.setattr(Session, "run", counted)
    cell = draw_cell(normal_labels)
    monkeypatch.setattr("engine.pipeline.like_a_cell", lambda _: True)
    together = see(cell, leaning)
    monkeypatch.setattr("engine.pipeline.like_a_cell", lambda _: False)
    apart = see(cell, leaning)
    assert pieces == [0, 0, 1]
    assert np.abs(together.uncalibrated - apart.uncalibrated).max() > 0.1
    pieces.clear()
    see(cell, with_card(leaning, networks={CLASSIFIER: NetworkCard("resnet_tiny", batch=96)}))  # leans on nothing
    assert pieces == [0]


def test_what_can_have_lain_in_one_cell() -> None:
    rng = np.random.default_rng(0)
    assert like_a_cell(np.repeat(np.arange(23), 4))  # 46 chromosomes, both ways up
    assert like_a_cell(np.repeat(np.arange(23), 8))  # tetraploid
    assert like_a_cell(np.array([3] * 8))  # four objects say nothing
    assert not like_a_cell(np.array([3] * 20))
    assert not like_a_cell(np.where(rng.random(92) < 0.5, 3, rng.integers(0, 24, 92)))  # copies, half of them misread


@pytest.mark.parametrize("labels", [["1"], ["1", "21"], ["X", "8", "3", "3"]])
def test_few_chromosomes(ruler: Bundle, draw_cell: Cell, labels: list[str]) -> None:
    turns = [180.0] * len(labels)
    result = classify_cell(draw_cell(labels, turns), ruler)
    assert len(result.chromosomes) == len(labels)
    assert all(abs(normalise_degrees(c.upright_rotation_deg + 180.0)) < 6.0 for c in result.chromosomes)


def test_an_empty_cell(ruler: Bundle) -> None:
    with pytest.raises(InputError, match="The cell nothing holds no chromosome"):
        classify_cell(CellImages("nothing", "g", ()), ruler)


def test_a_bundle_for_another_stain_is_named_in_a_warning(ruler: Bundle, draw_cell: Cell) -> None:
    cell = replace(draw_cell(["1", "2"]), stain="q")
    (warning,) = classify_cell(cell, ruler).warnings
    assert "Q-banded" in warning.message
    assert "ruler was trained on G bands" in warning.message
    assert not classify_cell(cell, with_card(ruler, stain="any")).warnings


class Stopper:
    """Cancels at the n-th question; n None: never."""

    def __init__(self, at: int | None = None) -> None:
        self.at, self.asked, self.reports = at, 0, list[tuple[int, int]]()

    def report(self, done: int, total: int, message: str = "") -> None:
        self.reports.append((done, total))

    def check_cancelled(self) -> None:
        self.asked += 1
        if self.asked == self.at:
            raise Cancelled


def test_cancel_is_heard_at_every_step(ruler: Bundle, draw_cell: Cell, normal_labels: list[str]) -> None:
    cell = draw_cell(normal_labels)
    calm = Stopper()
    classify_cell(cell, ruler, calm)
    assert calm.reports[-1] == (92, 92)  # both ways up
    assert calm.asked >= 12 + 3
    for at in range(1, calm.asked + 1):
        with pytest.raises(Cancelled):
            classify_cell(cell, ruler, Stopper(at))
