"""Settings from TOML are typed; presets hold the paper's recipe."""

from pathlib import Path

import pytest

from engine.errors import InputError
from engine.training.config import load_config, preset


def test_the_papers_recipe() -> None:
    paper = preset("paper")
    assert (paper.learning_rate, paper.batch_size, paper.epochs, paper.patience) == (5e-4, 40, 100, 21)
    assert paper.optimiser == "adam"
    assert paper.backbone == "inception_resnet_v2"


def test_a_file_changes_what_it_names_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "run.toml"
    path.write_text('preset = "fast"\nepochs = 2\nlearning_rate = 1\n[augment]\nnoise = 0.5\n', encoding="utf-8")
    config = load_config(path)
    assert config.epochs == 2
    assert config.learning_rate == 1.0
    assert config.augment.noise == 0.5
    assert config.augment.gamma == preset("fast").augment.gamma
    assert config.backbone == preset("fast").backbone


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("epoch = 3", "no setting 'epoch'"),
        ("epochs = 'many'", "epochs must be int"),
        ("bfloat16 = 1", "bfloat16 must be bool"),
        ("[augment]\nrain = 1.0", "no setting 'rain'"),
        ("epochs =", "cannot be read as TOML"),
        ("preset = 'best'", "no training preset 'best'"),
        ("epochs = 0", "at least one epoch"),
    ],
)
def test_mistakes_are_named(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "run.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=says):
        load_config(path)
