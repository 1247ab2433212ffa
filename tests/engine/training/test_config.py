"""Settings from TOML are typed; presets hold the paper's recipe."""

from pathlib import Path

import pytest

from engine.commands.train import PRESET_NAMES
from engine.errors import InputError
from engine.training.config import PRESETS, load_config, preset


def test_the_papers_recipe() -> None:
    paper = preset("paper")
    assert (paper.learning_rate, paper.batch_size, paper.epochs, paper.patience) == (5e-4, 40, 100, 21)
    assert paper.optimiser == "adam"
    assert paper.backbone == "inception_resnet_v2"
    assert paper.augment.rotation_step_deg == 15.0
    assert (paper.adapt.mode, paper.adapt.height, paper.adapt.width) == ("iam", 224, 224)
    assert paper.sampling.method == "smote_pixels"
    assert paper.size_features == 0


def test_further_shows_the_same_images_more_varied() -> None:
    product, further = preset("product"), preset("further")
    assert (further.backbone, further.adapt, further.cell_share) == (
        product.backbone,
        product.adapt,
        product.cell_share,
    )
    assert further.augment == product.augment.stretched(1.5)
    assert further.learning_rate < product.learning_rate


def test_the_command_offers_every_preset() -> None:
    assert set(PRESET_NAMES) == set(PRESETS)


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
        ("optimiser = 'sgd'", "no optimiser 'sgd'"),
        ("size_features = 2", "size_features is 0 or 3"),
        ("cell_share = 2", "cell_share lies between 0 and 1"),
        ("[sampling]\nmethod = 'smite'", "no sampling 'smite'"),
        ("[sampling.targets]\nZ = 3", "targets: Z = 3"),
        ("[sampling]\nneighbours = 0", "at least one neighbour"),
        ("[adapt]\nmode = 'fold'", "unknown way to adapt 'fold'"),
    ],
)
def test_mistakes_are_named(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "run.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=says):
        load_config(path)


def test_targets_of_sampling_are_a_table(tmp_path: Path) -> None:
    path = tmp_path / "run.toml"
    path.write_text('[sampling]\nmethod = "smote_pixels"\n[sampling.targets]\nX = 190\nY = 190\n', encoding="utf-8")
    sampling = load_config(path).sampling
    assert sampling.targets == {"X": 190, "Y": 190}
    assert sampling.neighbours == 5
