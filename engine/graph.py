"""What the two files of a network say of its weights: the ONNX graph (`.onnx`) and the tensors (`.safetensors`).

The weights of a bundle exist once. The graph holds none of them: its initializers are ONNX *external data*, that is
(file, offset, length) triples that point into the safetensors file. Any ONNX tool can open such a pair, and so can
torch. This module reads both directories (never the numbers) and checks that they fit, so that a damaged or foreign
file is refused with a reason, and so that no graph can make the runtime open another file of the machine.

The few fields of the ONNX protobuf that matter are walked here, because importing the `onnx` package to open a
bundle would cost a tenth of a second and 30 MB in a program that only runs networks.

Sources: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto (field numbers),
https://github.com/huggingface/safetensors#format.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import prod
from typing import Any

from engine.errors import BundleError

HALF_SUFFIX = ".f16"
"""A weight stored as float16 enters the graph as `<name>.f16`; a Cast gives it its own name."""

_ITEM_SIZE = {"F64": 8, "F32": 4, "F16": 2, "BF16": 2, "I64": 8, "I32": 4, "I16": 2, "I8": 1, "U8": 1, "BOOL": 1}
_ONNX_TYPE = {1: "F32", 2: "U8", 3: "I8", 5: "I16", 6: "I32", 7: "I64", 9: "BOOL", 10: "F16", 11: "F64", 16: "BF16"}
_EXTERNAL = 1  # TensorProto.DataLocation
_DEEPEST = 40  # messages inside messages; real graphs need fewer than ten

# Which fields of a message hold messages that can hold tensors.
_CHILDREN: dict[str, dict[int, str]] = {
    "model": {7: "graph", 20: "training", 25: "function"},
    "training": {1: "graph", 2: "graph"},
    "function": {7: "node", 11: "attribute"},
    "graph": {1: "node", 5: "tensor", 15: "sparse"},
    "node": {5: "attribute"},
    "attribute": {5: "tensor", 6: "graph", 10: "tensor", 11: "graph", 22: "sparse", 23: "sparse"},
    "sparse": {1: "tensor", 2: "tensor"},
}


@dataclass(frozen=True, slots=True)
class StoredTensor:
    """One entry of a safetensors file."""

    dtype: str  # safetensors' name, e.g. "F16"
    shape: tuple[int, ...]
    offset: int  # bytes from the start of the file
    length: int  # bytes


@dataclass(frozen=True, slots=True)
class GraphTensor:
    """One tensor of a graph whose numbers lie outside of it."""

    name: str
    dtype: str
    shape: tuple[int, ...]
    place: Mapping[str, str]  # "location", "offset", "length"


def read_tensor_table(weights: bytes) -> dict[str, StoredTensor]:
    """Return the directory of a safetensors file.

    Raises
    ------
    BundleError
        If the file is cut short, or its directory does not describe it.
    """
    start = 8 + int.from_bytes(weights[:8], "little")
    if len(weights) < 8 or start > len(weights):
        raise BundleError("the weights are cut short or are no safetensors file")
    try:
        header = json.loads(weights[8:start])
        entries = {str(name): _entry(value, start) for name, value in header.items() if name != "__metadata__"}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise BundleError("the weights are no safetensors file") from None
    end = start
    for name, entry in sorted(entries.items(), key=lambda item: item[1].offset):
        if entry.offset != end or entry.length != prod(entry.shape) * _ITEM_SIZE[entry.dtype]:
            raise BundleError(f"the directory of the weights is wrong at the tensor {name}")
        end += entry.length
    if end != len(weights):
        raise BundleError("the weights are cut short" if end > len(weights) else "the weights have an unknown tail")
    return entries


def check_graph(graph: bytes, weights: bytes, weights_file: str) -> int:
    """Check that every outside tensor of a graph is one of the safetensors file, and return how many there are.

    Parameters
    ----------
    graph : an ONNX model.
    weights : the safetensors file.
    weights_file : the only file name the graph may point at.

    Raises
    ------
    BundleError
        If a tensor is missing, has another shape or type, or points anywhere else.
    """
    table = read_tensor_table(weights)
    try:
        tensors = [_tensor(message) for message in _tensors(graph, "model", 0)]
    except (ValueError, IndexError, KeyError):
        raise BundleError("the graph is damaged or is no ONNX model") from None
    outside = [tensor for tensor in tensors if tensor is not None]
    missing = [name for tensor in outside if (name := tensor.name.removesuffix(HALF_SUFFIX)) not in table]
    for tensor in outside:
        name = tensor.name.removesuffix(HALF_SUFFIX)
        if tensor.place.get("location") != weights_file:
            raise BundleError(f"the graph looks for the tensor {name} outside of {weights_file}")
        if missing:  # before all others are found at another place
            raise BundleError(f"the tensor {missing[0]} is missing from the weights")
        stored = table[name]
        if (stored.shape, stored.dtype) != (tensor.shape, tensor.dtype):
            raise BundleError(
                f"the tensor {name} is {stored.dtype} {list(stored.shape)} in the weights, "
                f"but {tensor.dtype} {list(tensor.shape)} in the graph"
            )
        if (tensor.place.get("offset"), tensor.place.get("length")) != (str(stored.offset), str(stored.length)):
            raise BundleError(f"the graph looks for the tensor {name} at another place than where it is stored")
    return len(outside)


def _entry(value: Mapping[str, Any], start: int) -> StoredTensor:
    begin, end = value["data_offsets"]
    shape = tuple(value["shape"])
    if not all(type(number) is int and number >= 0 for number in (begin, end, *shape)):
        raise ValueError("not a size")
    if value["dtype"] not in _ITEM_SIZE:
        raise ValueError("unknown type")
    return StoredTensor(value["dtype"], shape, start + begin, end - begin)


def _tensors(message: bytes | memoryview, kind: str, depth: int) -> Iterator[memoryview]:
    """Every TensorProto below a message, as bytes."""
    if depth > _DEEPEST:
        raise ValueError("too deep")
    for number, value in _fields(memoryview(message)):
        child = _CHILDREN[kind].get(number)
        if child is None:
            continue
        if isinstance(value, int):
            raise ValueError("not a message")
        if child == "tensor":
            yield value
        else:
            yield from _tensors(value, child, depth + 1)


def _tensor(message: memoryview) -> GraphTensor | None:
    """Read one TensorProto; None if it carries its own numbers."""
    name, kind, location, shape, place = "", 0, 0, [], {}
    for number, value in _fields(message):
        if isinstance(value, int):
            if number == 1:
                shape.append(value)
            elif number == 2:
                kind = value
            elif number == 14:
                location = value
        elif number == 1:  # packed
            at = 0
            while at < len(value):
                size, at = _varint(value, at)
                shape.append(size)
        elif number == 8:
            name = bytes(value).decode()
        elif number == 13:
            pair = dict(_fields(value))
            key, text = (bytes(part).decode() for part in (pair[1], pair[2]) if not isinstance(part, int))
            if key in place:
                raise ValueError("said twice")
            place[key] = text
    if location != _EXTERNAL and not place:
        return None
    return GraphTensor(name, _ONNX_TYPE[kind], tuple(shape), place)


def _fields(message: memoryview) -> Iterator[tuple[int, int | memoryview]]:
    """Walk the (field number, value) pairs of one protobuf message; fixed32/64 values are given as bytes."""
    at = 0
    while at < len(message):
        tag, at = _varint(message, at)
        wire = tag & 7
        if wire == 0:
            number, at = _varint(message, at)
            yield tag >> 3, number
            continue
        if wire == 2:
            size, at = _varint(message, at)
        elif wire in (1, 5):
            size = 8 if wire == 1 else 4
        else:
            raise ValueError("unknown wire type")
        if at + size > len(message):
            raise ValueError("cut short")
        yield tag >> 3, message[at : at + size]
        at += size


def _varint(message: memoryview, at: int) -> tuple[int, int]:
    number, shift = 0, 0
    while True:
        byte = message[at]
        number |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return number, at
        if shift > 63:
            raise ValueError("number too long")
