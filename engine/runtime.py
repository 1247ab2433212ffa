"""Runs the networks of a bundle with ONNX Runtime: no torch, small pieces, the same numbers every time."""

import itertools
import os
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.bundle import Bundle
from engine.errors import BundleError
from engine.progress import Reporter, SilentReporter

Floats = NDArray[np.float32]

THREADS_VARIABLE = "KARYO_THREADS"
"""Environment variable: how many threads a network may use."""

_MOST_THREADS = 8  # these networks gain nothing from more


def default_threads() -> int:
    """Return `KARYO_THREADS`, else the processors this process may use, at most 8."""
    chosen = os.environ.get(THREADS_VARIABLE, "")
    if chosen.isdigit() and int(chosen) > 0:
        return int(chosen)
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(usable, _MOST_THREADS))


class Session:
    """One network, ready to run.

    Parameters
    ----------
    bundle : where the network is from.
    network : its name on the card.
    threads : for one run; None for `default_threads()`.

    Raises
    ------
    BundleError
        If ONNX Runtime refuses the network.
    """

    def __init__(self, bundle: Bundle, network: str, threads: int | None = None) -> None:
        import onnxruntime  # here, so that opening the window does not wait for it

        card, data = bundle.card.networks[network], bundle.networks[network]
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads or default_threads()
        options.inter_op_num_threads = 1
        # Threads that wait do not spin: it gains nothing on an idle machine, and halves the speed on a busy one.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 4  # what goes wrong is raised; nothing belongs on the user's terminal
        # The graph is checked to name this file alone, and gets it from memory: nothing else is opened.
        options.add_external_initializers_from_files_in_memory(
            [f"{network}.safetensors"], [data.weights], [len(data.weights)]
        )
        try:
            self._session: Any = onnxruntime.InferenceSession(data.graph, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # ONNX Runtime's own classes, which share no base but Exception
            reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
            raise BundleError(f"The bundle {bundle.source} cannot be run: {reason}") from None
        self._batch = card.batch
        self.inputs: tuple[str, ...] = tuple(value.name for value in self._session.get_inputs())
        self.outputs: tuple[str, ...] = tuple(value.name for value in self._session.get_outputs())

    def run(
        self, inputs: Mapping[str, Floats], reporter: Reporter | None = None, message: str = "", *, batch: int = 0
    ) -> dict[str, Floats]:
        """Run the network over N items in small pieces, asking for cancel before each.

        Parameters
        ----------
        inputs : for each name in `self.inputs` an array (N, ...) float32; N >= 1.
        reporter : told of each piece, with `message`.
        batch : items in a piece; 0 = as the bundle's card says.

        Returns
        -------
        For each name in `self.outputs` an array (N, ...) float32.
        """
        watch = reporter or SilentReporter()
        count = len(inputs[self.inputs[0]])
        pieces: list[list[Floats]] = []
        # Of like size: a network that leans on its cell would make little of a rest of two images.
        ends = np.linspace(0, count, -(-count // (batch or self._batch)) + 1).round().astype(int)
        for start, end in itertools.pairwise(ends.tolist()):
            watch.check_cancelled()
            piece = {name: np.ascontiguousarray(inputs[name][start:end]) for name in self.inputs}
            pieces.append(self._session.run(None, piece))
            watch.report(end, count, message)
        return {name: np.concatenate([piece[i] for piece in pieces]) for i, name in enumerate(self.outputs)}


@lru_cache(maxsize=8)
def open_session(bundle: Bundle, network: str, threads: int | None = None) -> Session:
    """Return the session of a network, opened once for each bundle that was read; the last eight are kept.

    Parameters
    ----------
    threads : for one run; None for `default_threads()`. A session can be run by several threads at once.
    """
    return Session(bundle, network, threads)
