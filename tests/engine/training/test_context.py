"""Learning from whole cells: what no image says alone, its cell says; composed cells; the same numbers in a bundle."""

from pathlib import Path

import numpy as np
import pytest
import torch

from engine.bundle import Bundle, load_bundle
from engine.card import CONTEXT
from engine.errors import Cancelled, InputError
from engine.nets.classifiers import ChromosomeClassifier
from engine.nets.context import CellContext
from engine.pipeline import classify_cell, in_context, see
from engine.training.config import AugmentConfig
from engine.training.context import (
    CLUTTER,
    CellEvidence,
    ContextConfig,
    ContextTrainer,
    cell_rows,
    judge,
    stacked,
    varied_evidence,
    with_context,
)
from engine.training.dataset import LabelledImages

FAST = ContextConfig(epochs=12, batch_cells=8, dropout=0.0)


def cells(count: int, seed: int) -> list[CellEvidence]:
    """Cells in which 4 and 5 look alike; only beside the rest of its cell, which shifts, can one be told.

    The first feature is +1 for a 4 and -1 for a 5, both moved by what the whole cell was moved by.
    """
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(count):
        labels = np.repeat(np.arange(10), 2)
        said = np.full((20, 24), -6.0, np.float32)
        said[np.arange(20), labels] = 0.0
        said[6:10, 3:5] = np.log(0.5)  # labels 4 and 5
        features = rng.normal(0, 0.3, (20, 16)).astype(np.float32)
        features[6:8, 0] += 1.0
        features[8:10, 0] -= 1.0
        features[:, 0] += rng.normal(0, 1.0)
        found.append(CellEvidence(said, features, np.ones((20, 3), np.float32), labels.astype(np.int64)))
    return found


def test_what_no_image_says_alone_its_cell_says() -> None:
    config = ContextConfig(epochs=20, batch_cells=8, dropout=0.0, learning_rate=4e-3, ema_decay=0.9)
    trainer = ContextTrainer([cells(64, seed) for seed in (1, 2)], cells(24, 9), config)
    before, right_before = judge(trainer.model, trainer.validation)
    seen = list(trainer.fit())
    after, right = judge(trainer.best, trainer.validation)
    assert [epoch for epoch, _, _ in seen] == list(range(1, 21))
    assert right_before < 0.95  # of four chromosomes in twenty the images say nothing
    assert right > 0.97
    assert after < before / 2
    assert after == pytest.approx(min(loss for _, loss, _ in seen), rel=1e-3)


def test_the_same_seed_gives_the_same_network() -> None:
    one, other = (ContextTrainer([cells(16, 1)], cells(4, 2), FAST) for _ in range(2))
    assert list(one.fit()) == list(other.fit())


def test_composed_cells_lose_and_gain_real_chromosomes_only() -> None:
    config = ContextConfig(loss_share=1.0, gain_share=1.0, most_changes=3, part_share=0.0)
    learned = cells(8, 1)
    trainer = ContextTrainer([learned], cells(2, 2), config)
    known = {row.tobytes() for cell in learned for row in cell.features}
    sizes = set()
    for _ in range(40):
        made = trainer._composed(3)
        sizes.add(len(made))
        assert {row.tobytes() for row in made.features} <= known
        assert len(made.labels) == len(made.log_probabilities) == len(made.size)
        assert made.labels.max() < 10
    assert min(sizes) == 18
    assert max(sizes) == 22  # lost at least one, gained at most three


def test_clutter_lies_in_some_composed_cells_and_never_in_all() -> None:
    cell = cells(1, 1)[0]
    messy = CellEvidence(cell.log_probabilities, cell.features, cell.size, cell.labels.copy())
    messy.labels[-4:] = CLUTTER
    trainer = ContextTrainer([[messy] * 8], [messy], ContextConfig(loss_share=0.0, gain_share=0.0, part_share=0.0))
    counts = [int((trainer._composed(0).labels == CLUTTER).sum()) for _ in range(60)]
    assert set(counts) == {0, 1, 2, 3, 4}
    assert 18 <= counts.count(0) <= 42
    assert all(len(trainer._composed(0)) >= 16 for _ in range(5))


def test_what_is_no_chromosome_is_learned() -> None:
    def with_clutter(count: int, seed: int) -> list[CellEvidence]:
        found = cells(count, seed)
        for cell in found:
            cell.features[:2, 5] += 3.0
            cell.labels[:2] = CLUTTER
        return found

    config = ContextConfig(epochs=15, batch_cells=8, dropout=0.0, learning_rate=4e-3, ema_decay=0.9)
    trainer = ContextTrainer([with_clutter(64, 1)], with_clutter(8, 2), config)
    list(trainer.fit())
    said, features, size, labels, _ = stacked(trainer.validation)
    with torch.inference_mode():
        shown = trainer.best(said, features, size)
    odds = shown[..., 24] - shown[..., :24].logsumexp(-1)
    assert (odds[labels == CLUTTER] > 0).float().mean() > 0.95
    assert (odds[labels != CLUTTER] < 0).float().mean() > 0.95


def test_cells_of_different_size_in_one_batch() -> None:
    whole = cells(1, 0)[0]
    said, _, _, labels, absent = stacked([whole, whole.take(np.arange(5))])
    assert said.shape == (2, 20, 24)
    assert absent.sum().item() == 15
    assert labels[1, :5].tolist() == whole.labels[:5].tolist()


def test_no_cells_and_a_stop_are_said() -> None:
    with pytest.raises(InputError, match="needs cells"):
        ContextTrainer([], cells(2, 0), FAST)

    class Stop:
        def report(self, done: int, total: int, message: str = "") -> None: ...

        def check_cancelled(self) -> None:
            raise Cancelled

    with pytest.raises(Cancelled):
        next(ContextTrainer([cells(16, 1)], cells(4, 2), FAST).fit(Stop()))


def images(count: int) -> LabelledImages:
    rng = np.random.default_rng(1)
    return LabelledImages(
        rng.integers(0, 200, (count, 32, 16)).astype(np.uint8),
        np.ones((count, 3), np.float32),
        np.arange(count) % 24,
        np.ones(count, np.bool_),
        np.array(["p1"] * count),
        np.array([f"c{row % 3}" for row in range(count)]),
    )


def test_evidence_comes_cell_by_cell_and_varies_with_the_seed_alone() -> None:
    torch.manual_seed(0)
    model = ChromosomeClassifier("resnet_tiny")
    data = images(10)
    plain = varied_evidence(model, data, None)
    assert [len(cell) for cell in plain] == [4, 3, 3]
    assert plain[1].labels.tolist() == data.labels[[1, 4, 7]].tolist()
    np.testing.assert_allclose(np.exp(plain[0].log_probabilities).sum(axis=1), 1.0, atol=0.5)
    once, again = (varied_evidence(model, data, AugmentConfig(), seed=4)[0].features for _ in range(2))
    np.testing.assert_array_equal(once, again)
    assert np.abs(varied_evidence(model, data, AugmentConfig(), seed=5)[0].features - once).max() > 0


def test_cells_of_one_name_in_two_groups_are_two() -> None:
    data = images(6)
    two = LabelledImages(
        data.images, data.size, data.labels, data.polarity_known, np.array(list("aaabbb")), np.array(["c"] * 6)
    )
    assert [rows.tolist() for rows in cell_rows(two)] == [[0, 1, 2], [3, 4, 5]]


def test_a_bundle_with_context_gives_what_torch_gives(
    ruler: Bundle, draw_cell: object, normal_labels: list[str], tmp_path: Path
) -> None:
    cell = draw_cell(normal_labels)  # type: ignore[operator]
    seen = see(cell, ruler)
    torch.manual_seed(2)
    model = CellContext(seen.features.shape[1]).eval()
    torch.nn.init.normal_(model.head.weight, std=0.2)
    with_context(ruler, model, tmp_path / "wide")
    bundle = load_bundle(tmp_path / "wide")
    assert set(bundle.card.networks) == {"classifier", CONTEXT}
    said, none = in_context(see(cell, bundle), bundle)
    given = (seen.uncalibrated, seen.features, seen.adapted.size)
    with torch.inference_mode():
        shown = model(*(torch.from_numpy(np.asarray(part, np.float32)) for part in given))
    wanted = shown[:, :24].log_softmax(1).numpy()
    odds = (shown[:, 24] - shown[:, :24].logsumexp(1)).numpy()
    np.testing.assert_allclose(none, np.clip(8.0 - odds, -4.0, 16.0), atol=2e-2)
    np.testing.assert_allclose(said, wanted, atol=2e-2)  # weights are kept as float16
    assert np.abs(said - seen.log_probabilities).max() > 0.5
    result = classify_cell(cell, bundle)
    alone = [c.image_label for c in classify_cell(cell, ruler).chromosomes]
    assert [c.image_label for c in result.chromosomes] == alone  # of the image alone: untouched


def test_a_few_chromosomes_without_a_cell_are_left_to_the_classifier(
    ruler: Bundle, draw_cell: object, tmp_path: Path
) -> None:
    model = CellContext(4).eval()
    torch.nn.init.normal_(model.head.weight, std=0.5)
    with_context(ruler, model, tmp_path / "wide")
    bundle = load_bundle(tmp_path / "wide")
    few = see(draw_cell(["1", "2", "3"]), bundle)  # type: ignore[operator]
    said, none = in_context(few, bundle)
    np.testing.assert_array_equal(said, few.log_probabilities)
    assert none is None


def test_metaphases_cut_short_have_sizes_relative_to_what_is_left() -> None:
    rng = np.random.default_rng(2)
    cell = cells(1, 3)[0]
    size = np.column_stack([rng.normal(0, 0.4, (20, 2)), np.ones(20)]).astype(np.float32)
    whole = CellEvidence(cell.log_probabilities, cell.features, size, cell.labels)
    config = ContextConfig(part_share=1.0, loss_share=0.0, gain_share=0.0, clutter_share=0.0)
    trainer = ContextTrainer([[whole]], [whole], config)
    composed = [trainer._composed(0) for _ in range(50)]
    assert {len(one) for one in composed} == set(range(12, 20))
    for one in composed:
        np.testing.assert_allclose(np.median(one.size[:, :2], axis=0), 0.0, atol=1e-6)
        assert (one.size[:, 2] == 1.0).all()
    assert (whole.size == size).all()
