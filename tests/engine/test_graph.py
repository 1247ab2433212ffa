"""A graph and its weights are refused with a reason where they do not fit each other."""

import json
import struct

import onnx
import pytest

from engine.bundle import Bundle
from engine.errors import BundleError
from engine.graph import check_graph, read_tensor_table

FILE = "classifier.safetensors"


@pytest.fixture
def graph(ruler: Bundle) -> onnx.ModelProto:
    return onnx.load_model_from_string(ruler.networks["classifier"].graph)


@pytest.fixture
def weights(ruler: Bundle) -> bytes:
    return ruler.networks["classifier"].weights


def external(graph: onnx.ModelProto, name: str) -> onnx.TensorProto:
    return next(tensor for tensor in graph.graph.initializer if tensor.name == name)


def test_every_weight_of_a_written_bundle_is_found(graph: onnx.ModelProto, weights: bytes) -> None:
    outside = [t for t in graph.graph.initializer if t.data_location == onnx.TensorProto.EXTERNAL]
    assert check_graph(graph.SerializeToString(), weights, FILE) == len(outside) >= 6


def test_table_agrees_with_the_library(weights: bytes) -> None:
    from safetensors import deserialize

    table = read_tensor_table(weights)
    for name, tensor in deserialize(weights):
        stored = table.pop(name)
        assert (stored.dtype, list(stored.shape)) == (tensor["dtype"], list(tensor["shape"]))
        assert weights[stored.offset : stored.offset + stored.length] == bytes(tensor["data"])
    assert not table


def edited(weights: bytes, change: dict[str, object], name: str) -> bytes:
    """Change the directory entry of one tensor."""
    length = struct.unpack("<Q", weights[:8])[0]
    header = json.loads(weights[8 : 8 + length])
    header[name] |= change
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + weights[8 + length :]


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda data: data[:-1], "cut short"),
        (lambda data: data[:20], "cut short"),
        (lambda data: b"", "cut short"),
        (lambda data: data + b"x", "unknown tail"),
        (lambda data: b"\x80\x02}q\x00." * 50, "cut short or are no safetensors"),
        (lambda data: struct.pack("<Q", 4) + b"null" + data, "no safetensors file"),
        (lambda data: struct.pack("<Q", 4) + b"{{{{" + data, "no safetensors file"),
        (lambda data: edited(data, {"shape": [3, 99]}, "norm.bias"), "wrong at the tensor norm.bias"),
        (lambda data: edited(data, {"dtype": "F8"}, "norm.bias"), "no safetensors file"),
        (lambda data: edited(data, {"data_offsets": [-4, 0]}, "norm.bias"), "no safetensors file"),
        (lambda data: edited(data, {"data_offsets": [0, 8]}, "norm.weight"), "wrong at the tensor"),
    ],
)
def test_damaged_weights(weights: bytes, spoil: object, reason: str) -> None:
    with pytest.raises(BundleError, match=reason):
        read_tensor_table(spoil(weights))  # type: ignore[operator]


def test_missing_tensor(graph: onnx.ModelProto, weights: bytes) -> None:
    external(graph, "norm.bias").name = "norm.offset"
    with pytest.raises(BundleError, match=r"the tensor norm\.offset is missing"):
        check_graph(graph.SerializeToString(), weights, FILE)


def test_wrong_shape(graph: onnx.ModelProto, weights: bytes) -> None:
    external(graph, "polarity.weight.f16").dims[1] = 5
    with pytest.raises(BundleError, match=r"polarity\.weight is F16 \[24, 4\] in the weights, but F16 \[24, 5\]"):
        check_graph(graph.SerializeToString(), weights, FILE)


@pytest.mark.parametrize("place", ["/etc/passwd", "../other.safetensors", "C:\\secret.bin", ""])
def test_a_graph_that_looks_elsewhere(graph: onnx.ModelProto, weights: bytes, place: str) -> None:
    external(graph, "norm.bias").external_data[0].value = place
    with pytest.raises(BundleError, match=r"norm\.bias outside of classifier\.safetensors"):
        check_graph(graph.SerializeToString(), weights, FILE)


def test_a_graph_that_looks_elsewhere_from_inside_a_node(graph: onnx.ModelProto, weights: bytes) -> None:
    hidden = onnx.TensorProto(name="hidden", data_type=1, dims=[1], data_location=onnx.TensorProto.EXTERNAL)
    hidden.external_data.add(key="location", value="/etc/passwd")
    inner = onnx.GraphProto(node=[onnx.helper.make_node("Constant", [], ["y"], value=hidden)])
    graph.graph.node.append(onnx.helper.make_node("If", ["c"], ["y"], then_branch=inner))
    with pytest.raises(BundleError, match="tensor hidden outside"):
        check_graph(graph.SerializeToString(), weights, FILE)


def test_a_graph_that_looks_at_another_offset(graph: onnx.ModelProto, weights: bytes) -> None:
    place = external(graph, "norm.bias").external_data[1]
    assert place.key == "offset"
    place.value = str(int(place.value) - 8)
    with pytest.raises(BundleError, match="at another place"):
        check_graph(graph.SerializeToString(), weights, FILE)


@pytest.mark.parametrize("junk", [b"\xff" * 40, b"\x3a\xff\xff\x03abc", b"\x3a\x04\x2a\x10ab"])
def test_a_damaged_graph(weights: bytes, junk: bytes) -> None:
    with pytest.raises(BundleError, match="the graph is damaged"):
        check_graph(junk, weights, FILE)


def test_a_graph_nested_without_end(weights: bytes) -> None:
    message = b""
    for _ in range(200):  # graph > node > attribute > graph ...
        for field in (6, 5, 1):
            message = bytes([field << 3 | 2]) + varint(len(message)) + message
    with pytest.raises(BundleError, match="the graph is damaged"):
        check_graph(b"\x3a" + varint(len(message)) + message, weights, FILE)


def varint(number: int) -> bytes:
    out = bytearray()
    while number >= 0x80:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])
