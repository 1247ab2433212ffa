"""Training really learns, stops when asked, and a killed run gives the same weights as an undisturbed one."""

import ast
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.errors import Cancelled, InputError
from engine.nets.classifiers import ChromosomeClassifier
from engine.training.config import AugmentConfig, SamplingConfig, TrainConfig
from engine.training.dataset import PIXEL_SCALE, LabelledImages
from engine.training.loop import Trainer

MILD = AugmentConfig(bend=0.02, blur_px=0.3, noise=0.01, cut_end=0.0, debris=0.0, gamma=0.1, gain=0.1)
CONFIG = TrainConfig(backbone="resnet_tiny", epochs=3, batch_size=16, augment=MILD, bfloat16=False, ema_decay=0.9)


def drawn(count: int, group: str, seed: int = 0, classes: int = 4) -> LabelledImages:
    """Rods with a band whose place tells the label; the p end is bright."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, classes, count)
    images = np.zeros((count, 144, 48), np.uint8)
    images[:, 30:114, 17:31] = 80
    images[:, 30:38, 17:31] = 180
    for index, label in enumerate(labels):
        images[index, 48 + 15 * label : 56 + 15 * label, 17:31] = 200
    size = np.tile(np.array([[0.0, 0.0, 1.0]], np.float32), (count, 1))
    return LabelledImages(
        images, size, labels.astype(np.int64), np.ones(count, np.bool_), np.full(count, group), np.full(count, "cell")
    )


def trainer(config: TrainConfig = CONFIG, count: int = 160) -> Trainer:
    torch.manual_seed(0)
    model = ChromosomeClassifier(config.backbone, dropout=config.dropout)
    return Trainer(model, drawn(count, "a"), drawn(48, "b", seed=1), config)


def test_label_and_polarity_are_learnt() -> None:
    run = trainer(replace(CONFIG, epochs=16))
    epochs = list(run.fit())
    assert [e.epoch for e in epochs] == list(range(1, 17))
    assert epochs[-1].train_loss < 0.7 * epochs[0].train_loss
    assert epochs[-1].validation_accuracy > 0.75  # a quarter by chance
    assert epochs[-1].validation_polarity > 0.9
    assert epochs[-1].learning_rate < epochs[3].learning_rate


@pytest.mark.parametrize("killed_in", [1, 5, 14, 20])
def test_a_killed_run_resumes_to_the_same_weights(tmp_path: Path, killed_in: int) -> None:
    whole = trainer()
    metrics = list(whole.fit())

    class Kill:
        batches = 0

        def report(self, done: int, total: int, message: str = "") -> None:
            self.batches += 1

        def check_cancelled(self) -> None:
            if self.batches >= killed_in:
                raise Cancelled

    class Count(Kill):
        def check_cancelled(self) -> None:
            """Goes on."""

    checkpoint, rest_of_it = tmp_path / "run.ckpt", Count()
    with pytest.raises(Cancelled):
        list(trainer().fit(Kill(), checkpoint))
    again = trainer()
    again.resume(checkpoint)
    rest = list(again.fit(rest_of_it, checkpoint))
    assert rest_of_it.batches == 30 - killed_in  # what was learned within an epoch is not lost either
    assert [e.train_loss for e in rest] == [e.train_loss for e in metrics][-len(rest) :]
    for name, value in whole.best_model().state_dict().items():
        assert torch.equal(value, again.best_model().state_dict()[name]), name


def test_long_epochs_are_written_down_on_the_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a power cut would find it: nobody asked the run to stop."""
    monkeypatch.setattr("engine.training.loop.SAVE_EVERY_S", 0.0)
    checkpoint, copy = tmp_path / "run.ckpt", tmp_path / "seen.ckpt"

    class Copy:
        def report(self, done: int, total: int, message: str = "") -> None:
            if checkpoint.exists() and not copy.exists():
                copy.write_bytes(checkpoint.read_bytes())

        def check_cancelled(self) -> None:
            """Goes on."""

    whole = trainer(replace(CONFIG, epochs=1))
    list(whole.fit(Copy(), checkpoint))
    again = trainer(replace(CONFIG, epochs=1))
    again.resume(copy)
    assert 0 < again.step < 10
    list(again.fit())
    for name, value in whole.best_model().state_dict().items():
        assert torch.equal(value, again.best_model().state_dict()[name]), name


def test_a_checkpoint_of_another_recipe_is_refused(tmp_path: Path) -> None:
    run = trainer(replace(CONFIG, epochs=1), count=32)
    list(run.fit(checkpoint=tmp_path / "run.ckpt"))
    with pytest.raises(InputError, match="other settings"):
        trainer(replace(CONFIG, seed=2), count=32).resume(tmp_path / "run.ckpt")


def test_a_checkpoint_from_before_a_setting_existed_counts_its_default(tmp_path: Path) -> None:
    run = trainer(replace(CONFIG, epochs=1), count=32)
    list(run.fit(checkpoint=tmp_path / "run.ckpt"))
    state = torch.load(tmp_path / "run.ckpt", weights_only=True)
    recipe = ast.literal_eval(state["config"])
    del recipe["sampling"], recipe["size_features"], recipe["augment"]["rotation_step_deg"], recipe["adapt"]["mode"]
    torch.save({**state, "config": repr(recipe)}, tmp_path / "old.ckpt")
    again = trainer(replace(CONFIG, epochs=1), count=32)
    again.resume(tmp_path / "old.ckpt")
    assert again.finished
    assert again.history == run.history


def test_validation_sees_every_image_as_it_is_and_training_sees_none_of_them() -> None:
    """Validation images bear a grey value that no training image has; what the network gets is watched."""
    train, validation = drawn(48, "a"), drawn(16, "b", seed=1)
    validation.images[:, 0, 0] = 255
    config = replace(CONFIG, epochs=1, augment=AugmentConfig.none(), ema_decay=0.0)
    model = ChromosomeClassifier("resnet_tiny")
    seen: dict[bool, list[torch.Tensor]] = {True: [], False: []}
    model.register_forward_pre_hook(lambda module, inputs: seen[module.training].append(inputs[0].clone()))
    list(Trainer(model, train, validation, config).fit())
    assert float(torch.cat(seen[True])[:, 0, 0, 0].max()) < 0.1
    expected = torch.from_numpy(validation.images).float()[:, None] / PIXEL_SCALE
    torch.testing.assert_close(torch.cat(seen[False]), expected)


def test_made_images_are_refused_for_validation() -> None:
    made = replace(drawn(8, "b"), synthetic=np.ones(8, np.bool_))
    with pytest.raises(ValueError, match="training alone"):
        Trainer(ChromosomeClassifier("resnet_tiny"), drawn(32, "a"), made, CONFIG)


def test_class_weights_change_the_loss() -> None:
    losses = []
    for sampling in (SamplingConfig(), SamplingConfig("class_weights", {"1": 500})):
        run = trainer(replace(CONFIG, epochs=1, sampling=sampling), count=48)
        losses.append(next(iter(run.fit())).train_loss)
    assert losses[0] != losses[1]


def test_patience_stops_and_keeps_the_best() -> None:
    run = trainer(replace(CONFIG, epochs=30, learning_rate=1e-9, schedule="constant", patience=2), count=32)
    epochs = list(run.fit())
    assert len(epochs) == 3
    assert run.best_epoch == 1


def test_the_same_group_on_both_sides_is_refused() -> None:
    with pytest.raises(ValueError, match="both sides"):
        Trainer(ChromosomeClassifier("resnet_tiny"), drawn(32, "a"), drawn(32, "a"), CONFIG)


def test_too_little_is_said() -> None:
    with pytest.raises(InputError, match="at least two"):
        Trainer(ChromosomeClassifier("resnet_tiny"), drawn(1, "a"), drawn(4, "b"), CONFIG)
