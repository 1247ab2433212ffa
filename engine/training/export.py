"""Write a trained network as a bundle: one copy of the weights for torch (to train on) and ONNX Runtime (to use)."""

import copy
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from onnx import TensorProto, helper
from safetensors.torch import load, save
from torch import Tensor, nn

from engine.bundle import Bundle, NetworkFiles, write_bundle
from engine.card import CLASSIFIER, INT8, BundleCard
from engine.errors import BundleError
from engine.graph import HALF_SUFFIX, read_tensor_table

OPSET = 20
CLASSIFIER_OUTPUTS = ("label_logits", "polarity_logits", "features")

_ONNX_TYPE = {
    "F16": TensorProto.FLOAT16,
    "F32": TensorProto.FLOAT,
    "I64": TensorProto.INT64,
    "I32": TensorProto.INT32,
    "I8": TensorProto.INT8,
    "U8": TensorProto.UINT8,
}
_MOST_INLINE = 1 << 20  # bytes of constants a graph may hold itself: shapes and zero biases, never a weight


def export_bundle(
    model: nn.Module, card: BundleCard, folder: Path, others: Mapping[str, NetworkFiles] | None = None
) -> BundleCard:
    """Write a classifier and its card to `folder`, whole or not at all; return the card with its hashes.

    Parameters
    ----------
    model : takes `images` (N, 1, H, W) and, unless `card.size_features` is 0, `size` (N, S); gives a tuple of
        label logits (N, 24), polarity logits (N, 24) and features (N, F). It is left as it was.
    card : says H and W (`card.adapt`) and S.
    others : the files of the other networks on the card.

    Raises
    ------
    BundleError
        If the network cannot be written, or `folder` is something else than a bundle.
    """
    images = torch.zeros(2, 1, card.adapt.height, card.adapt.width)
    inputs = {"images": images}
    if card.size_features:
        inputs["size"] = torch.zeros(2, card.size_features)
    files = export_network(model, inputs, CLASSIFIER_OUTPUTS, CLASSIFIER)
    return write_bundle(card, {**(others or {}), CLASSIFIER: files}, folder)


def export_network(
    model: nn.Module, inputs: dict[str, Tensor], outputs: Sequence[str], name: str, *, any_size: bool = False
) -> NetworkFiles:
    """Return a network as ONNX graph and safetensors, the graph's weights pointing into the safetensors.

    Matrices and kernels are stored as float16 (half the size; the graph casts them back to float32 once, when it is
    opened), vectors as float32: the variances of batch normalisation do not fit into float16. Batch normalisation
    stays in the graph, since the state dict must stay whole for further training; ONNX Runtime fuses it on opening.

    Parameters
    ----------
    model : any module; it is left as it was.
    inputs : examples by name in the order of `forward`, first axis = batch, which stays free.
    outputs : names of what `forward` gives.
    name : of the network in its bundle.
    any_size : leave height and width of the inputs (N, C, H, W) free, too.
    """
    frozen = copy.deepcopy(model).cpu().float().eval()
    state = {key: _stored(key, value) for key, value in frozen.state_dict().items()}
    weights = save(state)
    graph = _traced(frozen, inputs, outputs, any_size)
    point_at(graph, weights, f"{name}.safetensors")
    return NetworkFiles(graph.SerializeToString(deterministic=True), weights)


def read_weights(bundle: Bundle, network: str = CLASSIFIER) -> dict[str, Tensor]:
    """Return the state dict of a network of a bundle, all floats as float32, to go on training from it.

    Raises
    ------
    BundleError
        If the network computes in 8 bits.
    """
    if bundle.card.networks[network].arithmetic == INT8:
        # Not its parent: that of one whose heads have learned computes in 8 bits itself.
        whole = bundle.card.training.get("eight_bits", {}).get("made_of", "another")
        raise BundleError(
            f"The bundle {bundle.card.name} computes in 8 bits and cannot be trained further; take {whole}."
        )
    state = load(bundle.networks[network].weights)
    return {key: value.float() if value.is_floating_point() else value for key, value in state.items()}


def _stored(name: str, value: Tensor) -> Tensor:
    kept = value.detach().clone().contiguous()  # a clone, since safetensors refuses tensors that share memory
    if kept.is_floating_point() and kept.ndim >= 2:
        kept = kept.half()
    if kept.is_floating_point() and not bool(torch.isfinite(kept).all()):
        raise BundleError(f"The network cannot be written: the tensor {name} holds values that are not finite.")
    return kept


def _traced(model: nn.Module, inputs: dict[str, Tensor], outputs: Sequence[str], any_size: bool) -> Any:
    from onnxscript import optimizer

    free = {0: torch.export.Dim("batch", min=1)}
    if any_size:
        free |= {2: torch.export.Dim("height", min=2, max=4096), 3: torch.export.Dim("width", min=2, max=4096)}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about the internals of the exporter
        program = torch.onnx.export(
            model,
            tuple(inputs.values()),
            input_names=list(inputs),
            output_names=list(outputs),
            opset_version=OPSET,
            dynamo=True,
            dynamic_shapes=tuple(free for _ in inputs),
            optimize=False,  # would fold batch normalisation into copies of the weights
            verbose=False,
        )
        if program is None:
            raise BundleError("The network cannot be written as an ONNX graph.")
        # Shapes and zero biases become constants; the limits keep every real weight what it is.
        optimizer.fold_constants(program.model, input_size_limit=1024, output_size_limit=16384)
        optimizer.remove_unused_nodes(program.model)
        return program.model_proto


def point_at(model: Any, weights: bytes, file: str) -> None:
    """Take the weights out of an ONNX model and let it read them from a safetensors file.

    Parameters
    ----------
    model : an ONNX ModelProto, changed in place: initializers that are not among the weights stay in it.
    weights : the safetensors file; a float16 among them is cast to float32 by the graph.
    file : its name in the bundle.

    Raises
    ------
    BundleError
        If more stays in the graph than shapes and single numbers can be.
    """
    table, casts, inline = read_tensor_table(weights), [], 0
    graph = model.graph
    for tensor in graph.initializer:
        stored = table.get(tensor.name)
        if stored is None:
            inline += tensor.ByteSize()
            continue
        name, half = tensor.name, stored.dtype == "F16"
        tensor.Clear()
        tensor.name = name + HALF_SUFFIX if half else name
        tensor.dims.extend(stored.shape)
        tensor.data_type = _ONNX_TYPE[stored.dtype]
        tensor.data_location = TensorProto.EXTERNAL
        for key, value in (("location", file), ("offset", stored.offset), ("length", stored.length)):
            tensor.external_data.add(key=key, value=str(value))
        if half:
            casts.append(helper.make_node("Cast", [tensor.name], [name], name=f"{name}/cast", to=TensorProto.FLOAT))
    if inline > _MOST_INLINE:
        raise BundleError(f"The network cannot be written: {inline} bytes of it are not among its weights.")
    nodes = list(graph.node)
    del graph.node[:]
    graph.node.extend([*casts, *nodes])
    _strip(model)


def _strip(model: Any) -> None:
    """Drop what the exporter notes for debugging: source paths of this machine among it, and most of the size."""
    graph = model.graph
    del graph.value_info[:]
    del model.metadata_props[:]
    for part in (graph, *graph.node, *graph.input, *graph.output, *graph.initializer):
        part.doc_string = ""
        del part.metadata_props[:]
