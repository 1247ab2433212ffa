"""What the engine is asked before a training: what there is to learn from, what it is good for, how long it takes.

Like `karyogui.jobs.tasks`: the engine is imported when it runs. The looks of a model at a cell, which cost most of the
time, are kept between survey and training.
"""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from engine.errors import EngineError
from engine.progress import Reporter
from engine.types import CLASS_LABELS
from karyogui.jobs.preload import preload_torch
from karyogui.model.teaching import FeatureMap, Lesson, Survey, Suspect, TeachingCell

if TYPE_CHECKING:
    from engine.bundle import Bundle
    from engine.training.looks import Looks
    from engine.training.reviewed import ReviewedCell

_SURE = 0.9  # from this probability on the model doubts a label that is not its own
_MOST_POINTS = 1500
_EVALUATIONS = 600  # of the loss of both heads, over all strengths
THREADS = 1  # of the processor: the editor needs the others


class KeptLooks:
    """The looks of one model at a time: they fill the memory. For the lane `training` alone."""

    def __init__(self) -> None:
        self._looks: dict[str, Looks] = {}

    def of(self, name: str) -> "Looks":
        """Return the looks of an installed model."""
        from engine.bundle import load_bundle
        from engine.training.looks import Looks

        if name not in self._looks:
            self._looks = {name: Looks(load_bundle(name), THREADS)}
        return self._looks[name]


class TrainingTasks:
    """Makes the work for jobs of the lane `training`."""

    def __init__(self, looks: KeptLooks) -> None:
        self._looks = looks
        self._each = 0.0  # seconds for a look at one cell, as last measured

    def read_folder(self, folder: Path, *, upright: bool) -> Callable[[Reporter], tuple[list[TeachingCell], str]]:
        """Read a labelled folder; gives its cells and what was understood, in lines for the user."""

        def work(reporter: Reporter) -> tuple[list[TeachingCell], str]:
            from engine.training.own_cells import reviewed_cells
            from engine.training.sources import open_source

            source = open_source(folder, upright=upright)
            cells = [
                TeachingCell(
                    cell.name,
                    cell.images.stain,
                    cell.images.chromosomes,
                    tuple(CLASS_LABELS[label] if label >= 0 else None for label in cell.labels),
                    cell.upright_deg,
                    cell.group,
                    source.name,
                    (str(folder), number),
                )
                for number, cell in enumerate(reviewed_cells(source, reporter))
            ]
            return cells, source.preview()

        return work

    def survey(self, cells: Sequence[TeachingCell], seed: int) -> Callable[[Reporter], Survey]:
        """Look at all cells with the model in use: roles, repeated cells, doubtful labels, measured times."""

        def work(reporter: Reporter) -> Survey:
            from engine.bundle import default_bundle
            from engine.training.library import reviewed
            from engine.training.reviewed import without_duplicates

            given = [reviewed(cell) for cell in cells]
            stain = cells[0].stain
            looks = self._looks.of(default_bundle(stain))
            kept, repeated = without_duplicates(given)
            suspects: list[Suspect] = []
            spent, looked = 0.0, 0
            for number, cell in enumerate(given):
                reporter.check_cancelled()
                reporter.report(number, len(given), cell.name)
                began = time.perf_counter()
                known = looks.knows(cell)
                look = looks.of(cell)
                if not known:
                    spent, looked = spent + time.perf_counter() - began, looked + 1
                temperature = looks.bundle.card.calibration.temperature
                said = np.exp(look.log_probabilities(looks.label_head, looks.bundle.card, temperature))
                suspects += [
                    Suspect(number, i, CLASS_LABELS[label], CLASS_LABELS[int(said[i].argmax())], float(said[i].max()))
                    for i, label in enumerate(cell.labels)
                    if label >= 0 and said[i].argmax() != label and said[i].max() >= _SURE
                ]
            self._each = spent / looked if looked else self._each
            suspects.sort(key=lambda suspect: -suspect.probability)
            roles, problem = _roles(given, kept, looks.bundle, seed)
            rows = sum(cell.count for cell in kept) * 4
            return Survey(
                stain,
                looks.bundle.card.name,
                roles,
                tuple(repeated),
                tuple(suspects),
                self._quick_seconds(looks, len(kept), rows),
                None if problem else _epoch_seconds(given, roles, looks.bundle),
                problem,
            )

        return work

    def feature_map(self, cells: Sequence[TeachingCell]) -> Callable[[Reporter], FeatureMap]:
        """Lay the features of all labelled chromosomes out in a plane (t-SNE); at most 1500 of them."""

        def work(reporter: Reporter) -> FeatureMap:
            from engine.bundle import default_bundle
            from engine.training.feature_map import in_a_plane
            from engine.training.library import reviewed

            looks = self._looks.of(default_bundle(cells[0].stain))
            features, where, labels = [], [], []
            for number, cell in enumerate(map(reviewed, cells)):
                reporter.check_cancelled()
                joined = looks.of(cell).joined()[:, 0].mean(axis=0)
                for index, label in enumerate(cell.labels):
                    if label >= 0:
                        features.append(joined[index])
                        where.append((number, index))
                        labels.append(CLASS_LABELS[label])
            chosen = np.arange(len(labels))
            if len(labels) > _MOST_POINTS:
                chosen = np.sort(np.random.default_rng(0).choice(len(labels), _MOST_POINTS, replace=False))
            points = in_a_plane(np.array(features)[chosen])
            place = np.array(where, np.int64)[chosen]
            return FeatureMap(points, place[:, 0], place[:, 1], tuple(labels[i] for i in chosen))

        return work

    def full_seconds(self, lesson: Lesson) -> Callable[[Reporter], tuple[float, int, float]]:
        """Measure From the beginning: seconds of one image in one epoch, how many epochs, and seconds of SRAFBN."""

        def work(reporter: Reporter) -> tuple[float, int, float]:
            from engine.training.full import FullConfig, seconds_per_image, super_resolution_seconds

            config = FullConfig(lesson.recipe, threads=THREADS)
            each = seconds_per_image(config)
            reporter.check_cancelled()
            return each, config.train_config().epochs, super_resolution_seconds(config)

        return work

    def _quick_seconds(self, looks: "Looks", cells: int, rows: int) -> float:
        """Time one evaluation of the loss on numbers of the size, and count how many there usually are."""
        width = looks.label_head.weight.shape[1]
        values, spent = np.ones((rows, width)), []
        for _ in range(4):
            began = time.perf_counter()
            slope = np.exp(np.minimum(looks.label_head(values), 0.0))
            _ = slope.T @ values
            spent.append(time.perf_counter() - began)
        judging = 2 * self._each * max(cells / 4, 1.0)  # two models look at a quarter of the cells, both ways up
        return 2.0 * min(spent) * _EVALUATIONS + judging + 1.0


def _roles(
    reviewed: "Sequence[ReviewedCell]", kept: "Sequence[ReviewedCell]", bundle: "Bundle", seed: int
) -> tuple[tuple[str, ...], str]:
    from engine.training.reviewed import deal_cells, learned_cells

    try:
        deal = deal_cells(kept, seed=seed, learned=learned_cells(bundle.card.training))
    except EngineError as error:
        return tuple("learn" if cell in kept else "repeated" for cell in reviewed), str(error)
    parts = {"learn": deal.learn, "tune": deal.tune, "judge": deal.judge}
    role = {id(cell): name for name, part in parts.items() for cell in part}
    return tuple(role.get(id(cell), "repeated") for cell in reviewed), ""


def _epoch_seconds(reviewed: "Sequence[ReviewedCell]", roles: Sequence[str], bundle: "Bundle") -> float | None:
    from engine.errors import BundleError
    from engine.training.reviewed import Deal

    preload_torch()
    from engine.training.thorough import ThoroughConfig, estimate_seconds

    learn = tuple(cell for cell, role in zip(reviewed, roles, strict=True) if role == "learn")
    try:
        return estimate_seconds(Deal(learn, (), ()), bundle, ThoroughConfig(1, threads=THREADS))
    except BundleError:
        return None
