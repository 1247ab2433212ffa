"""The way of a cell through the engine: adapt -> classify, both ways up -> calibrate -> assign -> turn upright.

If the bundle's card asks for it, super-resolution comes first.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_softmax, logsumexp

from engine.bundle import Bundle
from engine.card import CLASSIFIER, CONTEXT, BundleCard, SizeTerm
from engine.errors import InputError
from engine.imaging.adapt import SIZE_FEATURES, AdaptedCell, adapt_cell
from engine.imaging.geometry import centromere_fraction, normalise_degrees
from engine.karyotype.assign import Assignment, assign
from engine.progress import Reporter, SilentReporter
from engine.runtime import Session, open_session
from engine.simulate.ideogram import ideogram
from engine.sr_stage import as_seen
from engine.types import (
    CLASS_INDEX,
    CLASS_LABELS,
    CellImages,
    CellResult,
    ChromosomeResult,
    FileWarning,
    LabelAlternative,
)

Floats = NDArray[np.float64]

_ALTERNATIVE_FROM = 0.005  # less likely labels are not worth a button
_MOST_ALTERNATIVES = 5

CONTEXT_OUTPUT = "in_context"
"""What the context network gives: (N, 25), the last column for what is no chromosome."""

_MOST_COPIES = 8  # images of one label in any cell: four copies, both ways up
_NONE_COSTS = (-4.0, 16.0)  # no network's word alone drops an object, or forces one in


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """What the images of a cell say of its chromosomes, before the cell's context."""

    log_probabilities: Floats  # (N, 24) calibrated, of the image alone
    uncalibrated: Floats  # (N, 24) the same at temperature 1: what the context network is given
    polarity: Floats  # (N, 24) > 0: in `adapted.images` the p arm is up, if the label is this one
    features: Floats  # (N, F)
    adapted: AdaptedCell


def classify_cell(cell: CellImages, bundle: Bundle, reporter: Reporter | None = None) -> CellResult:
    """Label all chromosomes of a cell and say how to turn them upright.

    Parameters
    ----------
    cell : as `engine.imaging.read.read_cell` gives it.
    bundle : the trained model.
    reporter : told how far it is; asked for cancel at least every half second with the bundles that are shipped.

    Raises
    ------
    InputError
        If the cell has no chromosome.
    BundleError
        If the network does not run, or gives something else than its card says.
    Cancelled
        If the reporter asks to stop.
    """
    start = time.perf_counter()
    watch = reporter or SilentReporter()
    if not cell.chromosomes:
        raise InputError(f"The cell {cell.name} holds no chromosome; nothing can be classified.")
    evidence = see(cell, bundle, watch)
    watch.check_cancelled()
    log_probabilities, none_log_cost = in_context(evidence, bundle, watch)
    log_probabilities = with_size(log_probabilities, evidence.adapted.size, bundle.card.calibration.size)
    assignment = assign(log_probabilities, none_log_cost=none_log_cost, options=bundle.card.assignment)
    watch.check_cancelled()
    chromosomes = tuple(
        _result(cell.chromosomes[index].source, index, evidence, assignment) for index in range(len(cell.chromosomes))
    )
    return CellResult(
        cell=cell.name,
        stain=cell.stain,
        bundle=bundle.ref,
        karyotype=assignment.karyotype,
        chromosomes=chromosomes,
        alternatives=assignment.alternatives,
        warnings=cell.warnings + _stain_warning(cell, bundle.card),
        seconds=time.perf_counter() - start,
    )


def see(cell: CellImages, bundle: Bundle, reporter: Reporter | None = None) -> Evidence:
    """Let the networks of a bundle look at each chromosome of a cell (N >= 1), without the cell's context."""
    watch, card = reporter or SilentReporter(), bundle.card
    watch.check_cancelled()
    adapted = adapt_cell(as_seen(cell.chromosomes, bundle, watch), card.adapt)
    watch.check_cancelled()
    session = open_session(bundle, CLASSIFIER)
    watch.check_cancelled()
    count = len(adapted.images)
    outputs = looked_at(session, views_of(adapted, card), card, watch, cell.name)
    logits, polarity, features = (
        np.asarray(outputs[name], np.float64) for name in ("label_logits", "polarity_logits", "features")
    )
    if card.half_turn_averaging:
        # The label is the same both ways up, the polarity the opposite.
        logits = (log_softmax(logits[:count], axis=1) + log_softmax(logits[count:], axis=1)) / 2.0
        polarity = (polarity[:count] - polarity[count:]) / 2.0
        features = (features[:count] + features[count:]) / 2.0
    plain = log_softmax(logits, axis=1)
    return Evidence(log_softmax(plain / card.calibration.temperature, axis=1), plain, polarity, features, adapted)


def views_of(adapted: AdaptedCell, card: BundleCard) -> dict[str, NDArray[np.float32]]:
    """Return what the classifier is given of a cell: `images` (V, 1, H, W) and `size` (V, S).

    V is N, or 2 N where the card asks for both ways up: the images as they are, then all of them upside down.
    """
    images, size = adapted.images[:, None], adapted.size[:, : card.size_features]
    if card.half_turn_averaging:
        images, size = np.concatenate([images, images[:, :, ::-1, ::-1]]), np.concatenate([size, size])
    return {"images": images, "size": size}


def looked_at(
    session: Session, inputs: Mapping[str, NDArray[np.float32]], card: BundleCard, reporter: Reporter, message: str
) -> dict[str, NDArray[np.float32]]:
    """Run the classifier over the views of one cell; what cannot be a cell is looked at one by one."""
    given = {name: inputs[name] for name in session.inputs}
    outputs = session.run(given, reporter, message)
    if card.leans_on_the_cell and not like_a_cell(outputs["label_logits"].argmax(axis=1)):
        return session.run(given, reporter, message, batch=1)
    return outputs


def like_a_cell(labels: NDArray[np.int64]) -> bool:
    """Say whether images with these labels (N,) can have lain in one cell: no label takes up a large part of them.

    A folder of copies of one chromosome is none. A network that leans on the cell would level out what they share.
    """
    return bool(np.bincount(labels).max() <= max(_MOST_COPIES, len(labels) / 4))


def in_context(evidence: Evidence, bundle: Bundle, reporter: Reporter | None = None) -> tuple[Floats, Floats | None]:
    """Return what the bundle says in the light of all chromosomes of the cell.

    The context network saw whole cells, metaphases cut short among them. Of a few objects that no relative size is
    known of it says nothing: they, and bundles without it, keep what the images say.

    Returns
    -------
    Log-probabilities (N, 24), and the cost (N,) of leaving an object without a label; None: that of the options.
    """
    if CONTEXT not in bundle.card.networks or not (evidence.adapted.size[:, SIZE_FEATURES.index("known")] > 0).all():
        return evidence.log_probabilities, None
    inputs = {
        "log_probabilities": evidence.uncalibrated.astype(np.float32),
        "features": evidence.features.astype(np.float32),
        "size": evidence.adapted.size,
    }
    outputs = open_session(bundle, CONTEXT).run(inputs, reporter)
    said, calibration = np.asarray(outputs[CONTEXT_OUTPUT], np.float64), bundle.card.calibration
    labels, clutter = said[:, : len(CLASS_LABELS)], said[:, len(CLASS_LABELS)]
    odds = clutter - logsumexp(labels, axis=1)
    none: Floats = np.clip(calibration.clutter_price - odds, *_NONE_COSTS)
    return np.asarray(log_softmax(labels / calibration.context_temperature, axis=1)), none


def with_size(log_probabilities: Floats, size: NDArray[np.float32], term: SizeTerm | None) -> Floats:
    """Add what the size relative to the cell says: (N, 24), (N, 3) of one cell -> (N, 24), rows normalised.

    Sizes are relative to the median of the objects that lie there, and half a metaphase has another median than a
    whole one. So the sizes are first shifted by what the images already say: by the median, over the cell, of how far
    a chromosome's size is off that of its likeliest label. Chromosomes without a cell behind their size keep what the
    image says.
    """
    known = size[:, SIZE_FEATURES.index("known")] > 0
    if term is None or not known.any():
        return log_probabilities
    value = np.asarray(size[:, SIZE_FEATURES.index(term.feature)], np.float64)
    mean, sd = np.array(term.mean), np.array(term.sd)
    off = value - mean[log_probabilities.argmax(axis=1)]
    value = value - np.median(off[known])
    gaussian = -0.5 * ((value[:, None] - mean) / sd) ** 2 - np.log(sd)
    weighted: Floats = log_softmax(log_probabilities + term.weight * gaussian * known[:, None], axis=1)
    return weighted


def _result(source: str, index: int, evidence: Evidence, assignment: Assignment) -> ChromosomeResult:
    adapted, label = evidence.adapted, assignment.labels[index]
    image_label = CLASS_LABELS[int(evidence.log_probabilities[index].argmax())]
    shown = label or image_label  # an object without a place is shown as what it resembles
    p_down = bool(evidence.polarity[index, CLASS_INDEX[shown]] < 0)
    mask = adapted.masks[index, ::-1, ::-1] if p_down else adapted.masks[index]
    drawn = ideogram(shown)
    probabilities = np.exp(evidence.log_probabilities[index])
    return ChromosomeResult(
        source=source,
        label=label,
        confidence=float(np.clip(assignment.confidence[index], 0.0, 1.0)),
        image_label=image_label,
        probabilities=tuple(float(value) for value in probabilities),
        upright_rotation_deg=normalise_degrees(float(adapted.rotation_deg[index]) + (180.0 if p_down else 0.0)),
        mirrored=False,
        centromere=centromere_fraction(mask, drawn.centromere / drawn.length),
        alternatives=_alternatives(assignment.label_probabilities[index], label),
    )


def _alternatives(probabilities: Floats, label: str | None) -> tuple[LabelAlternative, ...]:
    likely = [int(index) for index in np.argsort(-probabilities, kind="stable") if CLASS_LABELS[index] != label]
    return tuple(
        LabelAlternative(CLASS_LABELS[index], float(probabilities[index]))
        for index in likely[:_MOST_ALTERNATIVES]
        if probabilities[index] >= _ALTERNATIVE_FROM
    )


def _stain_warning(cell: CellImages, card: BundleCard) -> tuple[FileWarning, ...]:
    if card.suits(cell.stain):
        return ()
    text = (
        f"the cell is {cell.stain.upper()}-banded, but the bundle {card.name} was trained on {card.stain.upper()} bands"
    )
    return (FileWarning(cell.name, text),)
