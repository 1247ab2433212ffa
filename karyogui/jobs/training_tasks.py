"""What the engine is asked to do for the training tab. Like `karyogui.jobs.tasks`: the engine is imported when it runs.

The looks of a model at a cell, which cost most of the time, are kept between survey and training.
"""

import queue
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.errors import EngineError
from engine.progress import Reporter
from engine.types import CLASS_INDEX, CLASS_LABELS, CellImages
from karyogui.model.teaching import (
    Changed,
    Decision,
    FeatureMap,
    Figure,
    Lesson,
    Plan,
    Step,
    Survey,
    Suspect,
    TeachingCell,
    Trained,
)

if TYPE_CHECKING:
    from engine.bundle import Bundle
    from engine.training.compare import Comparison
    from engine.training.looks import Looks
    from engine.training.reviewed import ReviewedCell

Facts = "queue.SimpleQueue[Plan | Step]"
"""Through it a training tells the window what it has reached; the window looks into it ten times a second."""

_SURE = 0.9  # from this probability on the model doubts a label that is not its own
_MOST_POINTS = 1500
_EVALUATIONS = 600  # of the loss of both heads, over all strengths
_THREADS = 1  # of the processor: the editor needs the others

_FIGURES = (
    ("image_accuracy", "Right, each chromosome for itself", 1),
    ("context_accuracy", "Right, with the cell's context", 1),
    ("whole_cells", "Cells without any mistake", 1),
    ("x_context", "X right", 1),
    ("y_context", "Y right", 1),
    ("polarity", "Right way up", 1),
    ("context_confidence_error", "Stated confidence is off by", -1),
)


class TrainingTasks:
    """Makes the work for jobs of the lane `training`."""

    def __init__(self) -> None:
        self._looks: dict[str, Looks] = {}
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
            from engine.training.reviewed import without_duplicates

            reviewed = [_reviewed(cell) for cell in cells]
            stain = cells[0].stain
            looks = self._looks_of(default_bundle(stain))
            kept, repeated = without_duplicates(reviewed)
            suspects: list[Suspect] = []
            spent, looked = 0.0, 0
            for number, cell in enumerate(reviewed):
                reporter.check_cancelled()
                reporter.report(number, len(reviewed), cell.name)
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
            roles, problem = _roles(reviewed, kept, looks.bundle, seed)
            rows = sum(cell.count for cell in kept) * 4
            return Survey(
                stain,
                looks.bundle.card.name,
                roles,
                tuple(repeated),
                tuple(suspects),
                self._quick_seconds(looks, len(kept), rows),
                None if problem else _epoch_seconds(reviewed, roles, looks.bundle),
                problem,
            )

        return work

    def feature_map(self, cells: Sequence[TeachingCell]) -> Callable[[Reporter], FeatureMap]:
        """Lay the features of all labelled chromosomes out in a plane (t-SNE); at most 1500 of them."""

        def work(reporter: Reporter) -> FeatureMap:
            from engine.bundle import default_bundle
            from engine.training.feature_map import in_a_plane

            looks = self._looks_of(default_bundle(cells[0].stain))
            features, where, labels = [], [], []
            for number, cell in enumerate(map(_reviewed, cells)):
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

    def learn(
        self, cells: Sequence[TeachingCell], lesson: Lesson, state: Path, facts: "queue.SimpleQueue[Plan | Step]"
    ) -> Callable[[Reporter], Trained]:
        """Teach the model in use, then compare what came of it with it.

        Parameters
        ----------
        state : folder in which an unfinished Thorough is kept.
        facts : filled while it runs.
        """

        def work(reporter: Reporter) -> Trained:
            from threadpoolctl import threadpool_limits

            from engine.bundle import default_bundle
            from engine.training.candidate import with_metrics
            from engine.training.compare import compare, figures_json
            from engine.training.reviewed import deal_cells, learned_cells, without_duplicates

            stain = cells[0].stain
            looks = self._looks_of(default_bundle(stain))
            parent = looks.bundle
            every = [_reviewed(cell) for cell in cells]
            kept, _ = without_duplicates(every)
            deal = deal_cells(kept, seed=lesson.seed, learned=learned_cells(parent.card.training))
            numbers = {id(cell): number for number, cell in enumerate(every)}
            order = [numbers[id(cell)] for cell in (*deal.learn, *deal.tune)]

            def told(fact: Any) -> None:
                facts.put(_fact(fact, order))

            if lesson.way == "thorough":
                from engine.training.thorough import ThoroughConfig, discard_state, train_thorough

                config = ThoroughConfig(lesson.epochs, lesson.rate, _balance(lesson), threads=_THREADS)
                model = train_thorough(deal, parent, config, folder=state, reporter=reporter, watch=told)
            else:
                from engine.training.quick import QuickConfig, train_quick

                quick = QuickConfig(_balance(lesson))
                with threadpool_limits(_THREADS, "blas"):
                    model = train_quick(deal, parent, quick, looks=looks, reporter=reporter, watch=told)
            found = compare(deal.judge, parent, model, reporter=reporter)
            if lesson.way == "thorough":
                discard_state(state)
            judges = [numbers[id(cell)] for cell in deal.judge]
            return Trained(_decision(found, judges), with_metrics(model, {"comparison": figures_json(found)}), stain)

        return work

    def _looks_of(self, name: str) -> "Looks":
        from engine.bundle import load_bundle
        from engine.training.looks import Looks

        if name not in self._looks:
            self._looks = {name: Looks(load_bundle(name), _THREADS)}  # of one model at a time: they fill the memory
        return self._looks[name]

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


def has_unfinished(state: Path) -> bool:
    """Whether a Thorough that was stopped can be taken up."""
    return (state / "state.pt").is_file()


def _reviewed(cell: TeachingCell) -> "ReviewedCell":
    from engine.training.reviewed import NO_LABEL, ReviewedCell

    labels = tuple(NO_LABEL if label is None else CLASS_INDEX[label] for label in cell.labels)
    return ReviewedCell(CellImages(cell.name, cell.stain, cell.images), labels, cell.upright_deg, cell.group)


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
    from engine.training.thorough import ThoroughConfig, estimate_seconds

    learn = tuple(cell for cell, role in zip(reviewed, roles, strict=True) if role == "learn")
    try:
        return estimate_seconds(Deal(learn, (), ()), bundle, ThoroughConfig(1, threads=_THREADS))
    except BundleError:
        return None


def _balance(lesson: Lesson) -> Any:
    if lesson.way == "thorough" and lesson.balance == "smote_features":
        return "smote_pixels"
    return lesson.balance


def _fact(fact: Any, order: list[int]) -> Plan | Step:
    if hasattr(fact, "truth"):
        return Plan(fact.truth, np.array([order[i] for i in fact.cell], np.int64), fact.chromosome)
    names = Step.__dataclass_fields__
    return Step(**{name: getattr(fact, name) for name in names})


def _decision(found: "Comparison", judges: list[int]) -> Decision:
    figures = []
    for name, text, sign in _FIGURES:
        before, after = found.current_figures[name], found.candidate_figures[name]
        if before is None or after is None:
            continue
        change = (after - before) * sign
        better = 0 if abs(change) < 5e-5 else 1 if change > 0 else -1
        figures.append(Figure(text, f"{before:.1%}", f"{after:.1%}", better))
    better_, worse_ = (
        tuple(Changed(judges[c.cell], c.chromosome, c.truth, c.current, c.candidate) for c in changes)
        for changes in (found.better, found.worse)
    )
    return Decision(
        found.current,
        found.candidate,
        found.verdict,
        found.sentence,
        tuple(figures),
        tuple((row.label, row.count, row.current, row.candidate) for row in found.labels if row.count),
        better_,
        worse_,
    )
