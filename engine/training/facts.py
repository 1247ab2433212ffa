"""What a training says while it runs: plain values, so that whoever watches needs neither torch nor the trainer."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class TuningPlan:
    """Sent first: the chromosomes on which each step is measured, M of them. None of them is learned from."""

    truth: NDArray[np.int64]  # (M,) class index
    cell: NDArray[np.int64]  # (M,) index into the cells the training was given
    chromosome: NDArray[np.int64]  # (M,) index in that cell


@dataclass(frozen=True, slots=True, eq=False)
class StepDone:
    """One step (Quick) or epoch (Thorough)."""

    step: int  # 0 = the bundle as it was
    steps: int  # at most
    train_loss: float
    train_accuracy: float  # 0..1
    tune_loss: float
    tune_accuracy: float  # 0..1, the classifier alone
    learning_rate: float | None  # None where there is none
    seconds: float  # since the training began, this time
    answers: NDArray[np.int64]  # (M,) class index the classifier gives alone


Watcher = Callable[[TuningPlan | StepDone], None]
"""Called in the thread of the training; must not raise and must not wait."""
