"""What the engine is asked to do to teach a model: the training itself, and taking up what was kept of one.

Like `karyogui.jobs.tasks`: the engine is imported when it runs.
"""

import queue
import shutil
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.errors import InputError
from engine.progress import Reporter
from karyogui.jobs.preload import preload_torch
from karyogui.jobs.training_tasks import THREADS, KeptLooks
from karyogui.model import kept_run
from karyogui.model.kept_run import KeptRun
from karyogui.model.teaching import Changed, Decision, Figure, Lesson, Plan, Step, TeachingCell, Trained

if TYPE_CHECKING:
    from engine.bundle import Bundle
    from engine.training.compare import Comparison
    from engine.training.facts import Watcher
    from engine.training.reviewed import Deal

Facts = "queue.SimpleQueue[Plan | Step]"
"""Through it a training tells the window what it has reached; the window looks into it ten times a second."""

_CANDIDATE = "candidate"

_FIGURES = (
    ("image_accuracy", "Right, each chromosome for itself", 1),
    ("context_accuracy", "Right, with the cell's context", 1),
    ("whole_cells", "Cells without any mistake", 1),
    ("x_context", "X right", 1),
    ("y_context", "Y right", 1),
    ("polarity", "Right way up", 1),
    ("context_confidence_error", "Stated certainty is off by", -1),
)


class LearningTasks:
    """Makes the work for jobs of the lane `training`.

    Parameters
    ----------
    folder : one training is kept there at a time.
    """

    def __init__(self, looks: KeptLooks, folder: Path) -> None:
        self._looks, self._folder = looks, folder

    def look(self) -> Callable[[Reporter], KeptRun | None]:
        """Say whether a training was kept."""
        return lambda reporter: kept_run.look(self._folder)

    def learn(
        self, cells: Sequence[TeachingCell], lesson: Lesson, facts: "queue.SimpleQueue[Plan | Step]"
    ) -> Callable[[Reporter], Trained]:
        """Teach the model in use, then compare what came of it with it. All of it is kept as it goes.

        Parameters
        ----------
        facts : filled while it runs.
        """

        def work(reporter: Reporter) -> Trained:
            from engine.training.run_files import discard_state

            try:
                discard_state(self._folder)
                shutil.rmtree(self._folder / _CANDIDATE, ignore_errors=True)
                kept_run.begin(self._folder, cells, lesson, datetime.now(UTC).isoformat(timespec="seconds"))
            except OSError as error:
                raise InputError(f"{self._folder} cannot be written to: {error.strerror or error}.") from None
            return self._learn(tuple(cells), lesson, facts, reporter)

        return work

    def take_up(self, facts: "queue.SimpleQueue[Plan | Step]") -> "Callable[[Reporter], Trained]":
        """Go on with the training that was kept, or give what came of it."""

        def work(reporter: Reporter) -> Trained:
            from engine.bundle import load_bundle

            kept = kept_run.look(self._folder)
            if kept is None:
                raise InputError("There is no training to go on with.")
            cells = kept_run.cells_of(self._folder)
            if not kept.decided_on:
                return self._learn(cells, kept.lesson, facts, reporter)
            model = load_bundle(self._folder / _CANDIDATE)
            return Trained(kept_run.decision_of(self._folder), model, cells[0].stain, cells)

        return work

    def cells(self) -> Callable[[Reporter], tuple[TeachingCell, ...]]:
        """Read the cells of the training that was kept."""
        return lambda reporter: kept_run.cells_of(self._folder)

    def forget(self) -> Callable[[Reporter], None]:
        """Delete what was kept."""

        def work(reporter: Reporter) -> None:
            from engine.training.run_files import discard_state

            kept_run.forget(self._folder)
            discard_state(self._folder)
            shutil.rmtree(self._folder / _CANDIDATE, ignore_errors=True)

        return work

    def _learn(
        self,
        cells: tuple[TeachingCell, ...],
        lesson: Lesson,
        facts: "queue.SimpleQueue[Plan | Step]",
        reporter: Reporter,
    ) -> Trained:
        from engine.bundle import default_bundle, write_bundle
        from engine.training.candidate import with_metrics
        from engine.training.compare import compare, figures_json
        from engine.training.library import reviewed
        from engine.training.reviewed import deal_cells, learned_cells, without_duplicates
        from engine.training.run_files import discard_state

        stain = cells[0].stain
        parent = self._looks.of(default_bundle(stain)).bundle
        every = [reviewed(cell) for cell in cells]
        kept, _ = without_duplicates(every)
        deal = deal_cells(kept, seed=lesson.seed, learned=learned_cells(parent.card.training))
        numbers = {id(cell): number for number, cell in enumerate(every)}
        order = [numbers[id(cell)] for cell in (*deal.learn, *deal.tune)]
        model = self._taught(deal, parent, lesson, reporter, lambda fact: facts.put(_fact(fact, order)))
        reporter.report(0, 0, "")
        found = compare(deal.judge, parent, model, reporter=reporter)
        decision = _decision(found, [numbers[id(cell)] for cell in deal.judge])
        model = with_metrics(model, {"comparison": figures_json(found)})
        try:
            write_bundle(model.card, model.networks, self._folder / _CANDIDATE)
            kept_run.keep_decision(self._folder, decision)
        except OSError as error:
            raise InputError(f"{self._folder} cannot be written to: {error.strerror or error}.") from None
        discard_state(self._folder)
        return Trained(decision, model, stain, cells)

    def _taught(self, deal: "Deal", parent: "Bundle", lesson: Lesson, reporter: Reporter, watch: "Watcher") -> "Bundle":
        from threadpoolctl import threadpool_limits

        balance: Any = lesson.balance
        if lesson.way == "thorough":
            preload_torch()
            from engine.training.thorough import ThoroughConfig, train_thorough

            usual = ThoroughConfig()
            config = ThoroughConfig(
                lesson.epochs or usual.epochs, lesson.rate or usual.learning_rate, balance, threads=THREADS
            )
            return train_thorough(deal, parent, config, folder=self._folder, reporter=reporter, watch=watch)
        if lesson.way == "full":
            from engine.training.full import FullConfig, train_full

            full = FullConfig(
                lesson.recipe,
                lesson.epochs,
                lesson.rate,
                balance,
                super_resolution=lesson.super_resolution,
                threads=THREADS,
            )
            return train_full(deal, parent, full, folder=self._folder, reporter=reporter, watch=watch)
        from engine.training.quick import QuickConfig, train_quick

        looks = self._looks.of(parent.card.name)
        with threadpool_limits(THREADS, "blas"):
            return train_quick(deal, parent, QuickConfig(balance), looks=looks, reporter=reporter, watch=watch)


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
