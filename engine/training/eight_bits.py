"""A bundle's networks in 8 bits: on an ordinary processor they run two to three times as fast as in float32.

What a convolution multiplies is rounded to 8 bits, by scales that are taken from what the network saw in a few cells
(static quantisation of ONNX Runtime). Heads, activations, and what leans on the cell stay in float32. Weights use 7
bits, so that the sums cannot overflow on a processor without 8-bit dot products, and every machine gives the same
answer. The heads of such a bundle can still learn (*Quick*), its network cannot: that of the one it was made of can.
"""

import logging
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
from onnx import numpy_helper
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
from safetensors.numpy import save

from engine.bundle import Bundle, NetworkFiles, write_bundle
from engine.card import CLASSIFIER, INT8, SUPERRESOLUTION, BundleCard
from engine.errors import BundleError
from engine.imaging.adapt import adapt_cell
from engine.imaging.cells import CellSource
from engine.pipeline import classify_cell, views_of
from engine.progress import Reporter, SilentReporter
from engine.runtime import Floats, open_session
from engine.sr_stage import as_seen, cut_out
from engine.training.export import point_at
from engine.types import CellImages

Sample = dict[str, Floats]

MOST_CELLS = 16  # half for the scales, half to compare on
_MOST_IMAGES = 192  # for each network: more change no scale
_SMALLEST_APART = 64  # bytes; smaller tensors, the scales of single maps, stay in the graph


def bundle_in_eight_bits(
    bundle: Bundle, cells: Sequence[CellImages], folder: Path, name: str, reporter: Reporter | None = None
) -> BundleCard:
    """Write a bundle whose classifier and SRAFBN compute in 8 bits to `folder`, whole or not at all.

    Parameters
    ----------
    cells : of the laboratory it is meant for, of any label: the scales come from what the networks see in them.
    name : of the new bundle.

    Returns
    -------
    The card as written; `training["eight_bits"]` says what was done, and no figure of the bundle it was made of is
    carried over: they are to be measured anew.

    Raises
    ------
    BundleError
        If the bundle already computes in 8 bits, or a network cannot be converted.
    ValueError
        If there is no cell.
    """
    watch, card = reporter or SilentReporter(), bundle.card
    if not cells:
        raise ValueError("the scales need at least one cell")
    if INT8 in {network.arithmetic for network in card.networks.values()}:
        raise BundleError(f"The bundle {card.name} computes in 8 bits already.")
    samples = {CLASSIFIER: _seen_by_the_classifier(bundle, cells, watch)}
    if SUPERRESOLUTION in card.networks:
        samples[SUPERRESOLUTION] = _seen_by_the_enlarger(bundle, cells)
    networks, files = dict(card.networks), dict(bundle.networks)
    for number, (network, seen) in enumerate(samples.items()):
        watch.check_cancelled()
        watch.report(number, len(samples), f"{network}: 8 bits")
        files[network] = in_eight_bits(files[network], network, seen)
        networks[network] = replace(networks[network], arithmetic=INT8)
    made_of = f"{card.name} {card.version}"
    note = {"made_of": made_of, "cells": len(cells)}  # which networks it is, their own cards say
    made = replace(
        card,
        name=name,
        networks=networks,
        parent=made_of,
        training={**card.training, "eight_bits": note},
        metrics={},
    )
    return write_bundle(made, files, folder)


def in_eight_bits(network: NetworkFiles, name: str, samples: Sequence[Sample]) -> NetworkFiles:
    """Return a network whose convolutions compute in 8 bits, with the same inputs and outputs.

    Parameters
    ----------
    network : as `engine.training.export` writes it.
    name : of the network in its bundle.
    samples : what it was given in real cells, at least one.
    """
    with tempfile.TemporaryDirectory() as scratch, _quietly():
        folder = Path(scratch)
        (folder / f"{name}.onnx").write_bytes(network.graph)
        (folder / f"{name}.safetensors").write_bytes(network.weights)
        plain, small = folder / "plain.onnx", folder / "small.onnx"
        _fused(folder / f"{name}.onnx", plain)
        quantize_static(
            str(plain),
            str(small),
            _Samples(samples),
            quant_format=QuantFormat.QDQ,
            op_types_to_quantize=["Conv"],
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            per_channel=True,
            reduce_range=True,
        )
        model = onnx.load(small)
    state = {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    weights = save({key: np.ascontiguousarray(value) for key, value in state.items() if value.nbytes > _SMALLEST_APART})
    point_at(model, weights, f"{name}.safetensors")
    return NetworkFiles(model.SerializeToString(deterministic=True), weights)


def _fused(graph: Path, out: Path) -> None:
    """Write the graph with its weights inside, batch normalisation made part of the convolutions."""
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    options.optimized_model_filepath = str(out)
    options.log_severity_level = 4
    onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])


def spread(sources: Sequence[CellSource]) -> list[CellSource]:
    """Return at most `MOST_CELLS` of the cells, evenly from first to last."""
    rows = np.linspace(0, len(sources) - 1, min(len(sources), MOST_CELLS)).round().astype(int)
    return [sources[row] for row in rows.tolist()]


def agreement(
    before: Bundle, after: Bundle, cells: Sequence[CellImages], reporter: Reporter | None = None
) -> tuple[int, int]:
    """Return how many chromosomes of the cells get the same label from both bundles, and how many there are."""
    watch, same, count = reporter or SilentReporter(), 0, 0
    for done, cell in enumerate(cells):
        watch.check_cancelled()
        watch.report(done, len(cells), "comparing")
        labels = [[one.label for one in classify_cell(cell, bundle).chromosomes] for bundle in (before, after)]
        same += sum(one == other for one, other in zip(*labels, strict=True))
        count += len(labels[0])
    return same, count


class _Samples(CalibrationDataReader):  # type: ignore[misc]
    """What ONNX Runtime asks for one sample after the other."""

    def __init__(self, samples: Sequence[Sample]) -> None:
        self._rest = iter(samples)

    def get_next(self) -> Any:
        return next(self._rest, None)


def _seen_by_the_classifier(bundle: Bundle, cells: Sequence[CellImages], watch: Reporter) -> list[Sample]:
    """Samples of at most a batch from one cell, since the classifier may lean on the cell; fewer images of many."""
    wanted, samples = open_session(bundle, CLASSIFIER).inputs, []
    batch = bundle.card.networks[CLASSIFIER].batch
    for cell in cells:
        watch.check_cancelled()
        views = views_of(adapt_cell(as_seen(cell.chromosomes, bundle, watch), bundle.card.adapt), bundle.card)
        every = max(1, round(len(cells) * len(views["images"]) / _MOST_IMAGES))
        chosen = {key: views[key][::every] for key in wanted}
        for start in range(0, len(chosen["images"]), batch):
            part = slice(start, start + batch)
            samples.append({key: np.ascontiguousarray(value[part]) for key, value in chosen.items()})
    return samples


def _seen_by_the_enlarger(bundle: Bundle, cells: Sequence[CellImages]) -> list[Sample]:
    images = [chromosome for cell in cells for chromosome in cell.chromosomes]
    every = max(1, round(len(images) / _MOST_IMAGES))
    (name,) = open_session(bundle, SUPERRESOLUTION, 1).inputs
    return [{name: cut_out(chromosome).pixels[None, None]} for chromosome in images[::every]]


@contextmanager
def _quietly() -> Iterator[None]:
    """Keep what the converter tells the root logger about its internals off the user's terminal."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(before)
