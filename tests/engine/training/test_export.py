"""What is written for ONNX Runtime is the network that was trained, and torch can take it up again."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.bundle import Bundle, load_bundle
from engine.card import BundleCard, NetworkCard
from engine.errors import BundleError
from engine.nets.classifiers import ChromosomeClassifier
from engine.runtime import Session
from engine.training.export import export_bundle, read_weights

AsIfTrained = Callable[[ChromosomeClassifier], ChromosomeClassifier]

TOLERANCE = 2e-3  # of the largest value: float16 has 11 bits, and its errors average out


@pytest.fixture(scope="module")
def trained(as_if_trained: AsIfTrained) -> ChromosomeClassifier:
    """A real architecture with the statistics a trained one has."""
    torch.manual_seed(3)
    return as_if_trained(ChromosomeClassifier("resnet_tiny"))


@pytest.fixture(scope="module")
def written(trained: ChromosomeClassifier, tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    folder = tmp_path_factory.mktemp("export") / "tiny"
    card = BundleCard("tiny", "2", "any", {"classifier": NetworkCard("resnet_tiny", {"size_features": 3}, batch=4)})
    export_bundle(trained, card, folder)
    return load_bundle(folder)


def test_runtime_gives_what_torch_gives(trained: ChromosomeClassifier, written: Bundle) -> None:
    random = np.random.default_rng(0)
    images = random.random((6, 1, 144, 48), np.float32)
    size = random.standard_normal((6, 3)).astype(np.float32)
    got = Session(written, "classifier", threads=1).run({"images": images, "size": size})
    with torch.no_grad():
        want = trained.eval()(torch.from_numpy(images), torch.from_numpy(size))._asdict()
    trained.train()
    assert list(got) == list(want)
    for name, values in want.items():
        scale = float(values.abs().max())
        assert scale > 0.05
        np.testing.assert_allclose(got[name], values.numpy(), atol=TOLERANCE * scale, rtol=0)


def test_weights_exist_once_and_name_no_path_of_this_machine(written: Bundle) -> None:
    files = written.networks["classifier"]
    assert len(files.graph) < 100_000 < len(files.weights)
    assert b"/" + b"home" not in files.graph
    assert str(Path(__file__).parents[3]).encode() not in files.graph


def test_training_goes_on_from_a_bundle(trained: ChromosomeClassifier, written: Bundle) -> None:
    again = ChromosomeClassifier("resnet_tiny")
    again.load_state_dict(read_weights(written))  # strict: every tensor, with its name and shape
    for name, value in trained.state_dict().items():
        torch.testing.assert_close(again.state_dict()[name], value, atol=1e-3, rtol=1e-3)


def test_the_model_is_left_as_it_was(trained: ChromosomeClassifier, written: Bundle) -> None:
    assert trained.training
    assert trained.label_head.weight.dtype == torch.float32


def test_batch_normalisation_is_fused_by_the_runtime(written: Bundle, tmp_path: Path) -> None:
    import onnx
    import onnxruntime

    files, optimised = written.networks["classifier"], tmp_path / "optimised.onnx"
    options = onnxruntime.SessionOptions()
    options.optimized_model_filepath = str(optimised)
    options.log_severity_level = 4
    options.add_external_initializers_from_files_in_memory(
        ["classifier.safetensors"], [files.weights], [len(files.weights)]
    )
    onnxruntime.InferenceSession(files.graph, options, providers=["CPUExecutionProvider"])
    kinds = {node.op_type for node in onnx.load(optimised).graph.node}
    assert "BatchNormalization" not in kinds
    assert "Cast" not in kinds


def test_a_network_that_has_diverged_is_not_written(ruler_card: BundleCard, tmp_path: Path) -> None:
    net = ChromosomeClassifier("resnet_tiny")
    with torch.no_grad():
        net.label_head.weight[0, 0] = float("nan")
    with pytest.raises(BundleError, match=r"label_head\.weight holds values that are not finite"):
        export_bundle(net, ruler_card, tmp_path / "broken")
    assert not (tmp_path / "broken").exists()


def test_a_network_without_size_input(ruler_card: BundleCard, tmp_path: Path) -> None:
    card = replace(ruler_card, size_features=0)
    export_bundle(ChromosomeClassifier("resnet_tiny", size_features=0), card, tmp_path / "plain")
    session = Session(load_bundle(tmp_path / "plain"), "classifier", threads=1)
    assert session.inputs == ("images",)
    assert session.run({"images": np.zeros((3, 1, 96, 32), np.float32)})["label_logits"].shape == (3, 24)


def test_a_network_that_leans_on_its_cell_gives_what_torch_gives(tmp_path: Path, as_if_trained: AsIfTrained) -> None:
    torch.manual_seed(5)
    model = as_if_trained(ChromosomeClassifier("resnet_tiny", cell_share=0.6)).eval()
    network = NetworkCard("resnet_tiny", {"size_features": 3, "cell_share": 0.6}, batch=96)
    export_bundle(model, BundleCard("leaning", "1", "g", {"classifier": network}), tmp_path)
    session = Session(load_bundle(tmp_path), "classifier", threads=1)
    images, size = torch.rand(20, 1, 144, 48), torch.rand(20, 3)
    said = session.run({"images": images.numpy(), "size": size.numpy()})["label_logits"]
    with torch.no_grad():
        together, alone = model(images, size).label_logits, model(images[:1], size[:1]).label_logits
    largest = float(together.abs().max())
    np.testing.assert_allclose(said, together.numpy(), atol=TOLERANCE * largest)
    assert float((together[:1] - alone).abs().max()) > 10 * TOLERANCE * largest  # the others matter
