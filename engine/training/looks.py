"""What the network of a bundle makes of cells: features that cost time once, whatever is then learned from them."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load
from scipy.special import log_softmax

from engine.bundle import Bundle
from engine.card import CLASSIFIER, BundleCard
from engine.errors import BundleError
from engine.imaging.adapt import adapt_cell
from engine.pipeline import looked_at
from engine.progress import Reporter, SilentReporter
from engine.runtime import Session
from engine.sr_stage import as_seen
from engine.training.heads import Head
from engine.training.reviewed import ReviewedCell

Floats = NDArray[np.float64]

LABEL_HEAD, POLARITY_HEAD, SIZE_EMBEDDING = "label_head", "polarity_head", "size_embedding.0"


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """One cell of N chromosomes as the network sees it: both ways up, each as it is and with left and right swapped."""

    features: Floats  # (2, 2, N, F): way up (0 = as adapted), mirrored; penultimate
    size: Floats  # (N, E) embedded relative size; E = 0 where the network is told none
    rotation_deg: Floats  # (N,) that brings the original as upright as way 0
    fits: float  # the largest difference between the network's logits and those of its head on these features

    def joined(self) -> Floats:
        """Return what the label head is given: (2, 2, N, F + E)."""
        size = np.broadcast_to(self.size, (*self.features.shape[:3], self.size.shape[1]))
        return np.concatenate([self.features, size], axis=3)

    def log_probabilities(self, head: Head, card: BundleCard, temperature: float = 1.0) -> Floats:
        """Return log-probabilities (N, 24) as the pipeline would with this label head."""
        joined = self.joined()
        logits = head(joined[0, 0])
        if card.half_turn_averaging:
            logits = (log_softmax(logits, axis=1) + log_softmax(head(joined[1, 0]), axis=1)) / 2.0
        return np.asarray(log_softmax(logits / temperature, axis=1))

    def turned(self, cell: ReviewedCell) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Return, for each chromosome (N,), whether way 0 shows the q arm up, and whether that is known."""
        truth = np.array([np.nan if angle is None else angle for angle in cell.upright_deg], np.float64)
        known = ~np.isnan(truth)
        off = np.abs((self.rotation_deg - np.nan_to_num(truth) + 180.0) % 360.0 - 180.0)
        return known & (off > 90.0), known


class Looks:
    """The looks of one bundle at cells; each cell is looked at once.

    Parameters
    ----------
    threads : for the network.

    Raises
    ------
    BundleError
        If the network is none whose heads can be exchanged.
    """

    def __init__(self, bundle: Bundle, threads: int | None = None) -> None:
        self.bundle = bundle
        state: dict[str, Any] = load(bundle.networks[CLASSIFIER].weights)
        try:
            self.label_head, self.polarity_head = (
                Head(*(np.asarray(state[f"{name}.{part}"], np.float64) for part in ("weight", "bias")))
                for name in (LABEL_HEAD, POLARITY_HEAD)
            )
        except KeyError as error:
            raise BundleError(
                f"The bundle {bundle.card.name} cannot learn: its network has no {error.args[0]}."
            ) from None
        embedding = (state.get(f"{SIZE_EMBEDDING}.{part}") for part in ("weight", "bias"))
        self._embedding = [np.asarray(part, np.float64) for part in embedding if part is not None]
        self._session = Session(bundle, CLASSIFIER, threads)
        self._known: dict[tuple[str, ...], Look] = {}

    def knows(self, cell: ReviewedCell) -> bool:
        """Whether the cell was looked at before."""
        return cell.pictures in self._known

    def of(self, cell: ReviewedCell, reporter: Reporter | None = None) -> Look:
        """Return the look at a cell; a new one costs four runs of the network over its chromosomes."""
        if self.knows(cell):
            return self._known[cell.pictures]
        look = self._look(cell, reporter or SilentReporter())
        if look.fits > 0.05:
            raise BundleError(f"The bundle {self.bundle.card.name} cannot learn: its heads are not linear layers.")
        self._known[cell.pictures] = look
        return look

    def _look(self, cell: ReviewedCell, reporter: Reporter) -> Look:
        card = self.bundle.card
        adapted = adapt_cell(as_seen(cell.images.chromosomes, self.bundle, reporter), card.adapt)
        count = len(adapted.images)
        size_seen = np.concatenate([adapted.size[:, : card.size_features]] * 2)
        runs = []
        for images in (adapted.images, adapted.images[:, :, ::-1]):
            # Both ways up together and nothing else, as in the pipeline: the network may lean on its batch.
            inputs = {"images": np.concatenate([images, images[:, ::-1, ::-1]])[:, None], "size": size_seen}
            runs.append(looked_at(self._session, inputs, card, reporter, cell.name))
        features = np.stack([np.asarray(out["features"], np.float64).reshape(2, count, -1) for out in runs], axis=1)
        size = np.zeros((count, 0))
        if self._embedding:
            weight, bias = self._embedding
            size = np.maximum(adapted.size[:, : card.size_features].astype(np.float64) @ weight.T + bias, 0.0)
        look = Look(features, size, adapted.rotation_deg, 0.0)
        try:
            said = self.label_head(look.joined()[0, 0])
            fits = float(np.abs(said - runs[0]["label_logits"][:count]).max())
        except ValueError:  # other widths
            fits = np.inf
        return Look(look.features, size, adapted.rotation_deg, fits)
