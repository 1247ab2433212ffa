"""A candidate: a bundle with other weights than its parent, not in use, and with its whole descent on its card."""

import hashlib
import platform
from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib.metadata import version
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load

from engine.bundle import Bundle, NetworkFiles, list_bundles, user_bundle_folder
from engine.card import CLASSIFIER, CONTEXT, BundleCard
from engine.current import used_names
from engine.errors import BundleError
from engine.graph import read_tensor_table
from engine.karyotype.prices import AssignmentOptions
from engine.training.calibration import fit_confidence, fit_temperature
from engine.training.reviewed import FRACTIONS, Deal, ReviewedCell, label_counts, learned_cells, one_stain
from engine.types import CLASS_LABELS

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_TRUST = 100  # chromosomes to tune on that weigh as much as the parent's own calibration
_CELLS_FOR_CONFIDENCE = 5


def next_name(stain: str) -> str:
    """Return a name no bundle here ever had: `g-own-1`, `g-own-2`, ..."""
    folder = user_bundle_folder()
    known = {entry.name for entry in list_bundles()} | used_names(folder)
    return next(name for name in (f"{stain}-own-{n}" for n in range(1, 10**6)) if name not in known)


def with_weights(parent: Bundle, card: BundleCard, changed: Mapping[str, NDArray[Any]]) -> Bundle:
    """Return the parent with other values in some tensors; the graph stays, for it only points at them.

    Raises
    ------
    BundleError
        If a tensor is not there, has another shape, or the new values are not finite.
    """
    files = parent.networks[CLASSIFIER]
    table, weights = read_tensor_table(files.weights), bytearray(files.weights)
    kinds = {"F16": np.float16, "F32": np.float32}
    for name, values in changed.items():
        stored = table.get(name)
        if stored is None or stored.shape != values.shape or stored.dtype not in kinds:
            raise BundleError(f"The bundle {parent.card.name} has no tensor {name} of the shape {values.shape}.")
        new = np.ascontiguousarray(values, kinds[stored.dtype])
        if not np.isfinite(new).all():
            raise BundleError(f"The training gave values that are not finite in {name}; the bundle is not kept.")
        weights[stored.offset : stored.offset + stored.length] = new.astype(new.dtype.newbyteorder("<")).tobytes()
    networks = {**parent.networks, CLASSIFIER: NetworkFiles(files.graph, bytes(weights))}
    return Bundle(card, networks, f"candidate {card.name}")


def candidate_card(
    before: BundleCard, name: str, deal: Deal, step: Mapping[str, Any], *, anew: bool = False
) -> BundleCard:
    """Return the card of a child: what it learned from beside all its parents did, seeds and versions.

    Parameters
    ----------
    before : of the parent.
    step : way and settings of this training, plain JSON values.
    anew : there is no parent; `before` only says how the network is used.
    """
    used = (*deal.learn, *deal.tune)
    counts = dict(zip(CLASS_LABELS, label_counts(deal.learn).tolist(), strict=True))
    parent = None if anew else f"{before.name} {before.version}"
    entry = {
        "bundle": name,
        "parent": parent,
        **step,
        "sha256": {name: _data_digest(cells) for name, cells in (("learned", deal.learn), ("tuned", deal.tune))},
        "cells": {"learned": len(deal.learn), "tuned": len(deal.tune), "judged": len(deal.judge)},
        "groups": len({cell.group for cell in used}),
        "fractions": list(FRACTIONS),
        "counts": counts,
        "versions": {
            "karyogui": version("karyogui"),
            "numpy": version("numpy"),
            "onnxruntime": version("onnxruntime"),
            "python": platform.python_version(),
        },
    }
    learned = sorted(learned_cells(before.training) | {cell.digest for cell in used})
    steps = [*(before.training.get("steps") or []), entry]
    return replace(
        before,
        name=name,
        version="1.0",
        stain=one_stain([*used, *deal.judge]),  # type: ignore[arg-type]
        parent=parent,
        training={**before.training, "learned": learned, "steps": steps},
        metrics={},
    )


def _data_digest(cells: Sequence[ReviewedCell]) -> str:
    """A digest of pictures and labels, in any order: two trainings with one digest learned from the same."""
    rows = sorted(
        f"{picture} {label}" for cell in cells for picture, label in zip(cell.pictures, cell.labels, strict=True)
    )
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()


def calibrated(card: BundleCard, cells: Sequence[ReviewedCell], log_probabilities: Sequence[Floats]) -> BundleCard:
    """Return the card with temperatures fitted on cells that were not learned from.

    Few chromosomes say little: the temperature stays the nearer to the parent's, the fewer they are.

    Parameters
    ----------
    log_probabilities : (N, 24) of each cell, at temperature 1.
    """
    said = np.concatenate([rows[cell.truth >= 0] for cell, rows in zip(cells, log_probabilities, strict=True)])
    truth = np.concatenate([cell.truth[cell.truth >= 0] for cell in cells])
    if len(truth) == 0:
        return card
    temperature = trusted_temperature(said, truth, card)
    card = replace(card, calibration=replace(card.calibration, temperature=temperature))
    whole = [i for i, cell in enumerate(cells) if (cell.truth >= 0).all()]
    options: AssignmentOptions = card.assignment
    if len(whole) >= _CELLS_FOR_CONFIDENCE and CONTEXT not in card.networks:  # with it, placements rest on what it says
        from scipy.special import log_softmax

        evidence = [np.asarray(log_softmax(log_probabilities[i] / temperature, axis=1)) for i in whole]
        options = fit_confidence(evidence, [cells[i].truth for i in whole], options)
    return replace(card, assignment=options)


def trusted_temperature(log_probabilities: Floats, truth: Ints, card: BundleCard) -> float:
    """Return the temperature of a head on tuning chromosomes: the nearer to the card's, the fewer they are.

    Parameters
    ----------
    log_probabilities : (N, 24) at temperature 1, N >= 1.
    truth : (N,) class index.
    """
    trust = len(truth) / (len(truth) + _TRUST)
    fitted = fit_temperature(log_probabilities, truth)
    return float(np.exp(trust * np.log(fitted) + (1 - trust) * np.log(card.calibration.temperature)))


def with_metrics(bundle: Bundle, metrics: Mapping[str, Any]) -> Bundle:
    """Return the bundle with figures on its card."""
    card: BundleCard = replace(bundle.card, metrics=dict(metrics))
    return Bundle(card, bundle.networks, bundle.source)


def weights_of(bundle: Bundle) -> dict[str, NDArray[Any]]:
    """Return all tensors of the classifier."""
    return dict(load(bundle.networks[CLASSIFIER].weights))
