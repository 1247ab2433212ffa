"""Tables 2, 3 and 4 from the runs, as Markdown and CSV, the paper's figures beside. What was not run says so."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.study.measures import accuracy, confusion_matrix, equation_22, label_figures
from engine.study.methods import METHODS, Method
from engine.types import CLASS_INDEX

Runs = Mapping[str, Sequence[Mapping[str, Any]]]
Table = list[list[str]]
"""Rows of cells, the first one the heading."""

NOT_RUN = "not run"

PAPER_TABLE_4: dict[str, tuple[float, float, float, float]] = {
    "1": (100.0, 100.0, 100.0, 100.0),
    "2": (100.0, 97.96, 100.0, 98.97),
    "3": (95.83, 100.0, 97.92, 98.95),
    "4": (93.62, 97.78, 93.62, 95.65),
    "5": (95.83, 95.83, 95.83, 95.83),
    "6": (100.0, 100.0, 100.0, 100.0),
    "7": (97.92, 100.0, 100.0, 100.0),
    "8": (93.75, 100.0, 95.83, 97.87),
    "9": (97.87, 93.75, 95.74, 94.74),
    "10": (95.83, 95.83, 95.83, 95.83),
    "11": (97.92, 97.92, 97.92, 97.92),
    "12": (95.74, 100.0, 97.87, 98.92),
    "13": (97.92, 100.0, 97.92, 98.95),
    "14": (95.74, 100.0, 89.36, 94.38),
    "15": (100.0, 94.12, 100.0, 96.97),
    "16": (100.0, 97.96, 100.0, 98.97),
    "17": (97.87, 95.83, 97.87, 96.84),
    "18": (97.92, 100.0, 97.92, 98.95),
    "19": (97.87, 92.16, 100.0, 95.92),
    "20": (97.92, 97.92, 97.92, 97.92),
    "21": (100.0, 100.0, 97.87, 98.92),
    "22": (93.75, 97.83, 93.75, 95.74),
    "X": (97.87, 97.87, 95.74, 96.79),
    "Y": (100.0, 100.0, 100.0, 100.0),
}
"""Accuracy, precision, recall, F1 in per cent. These columns cannot come from one confusion matrix."""


def methods_table(methods: Sequence[Method], runs: Runs) -> Table:
    """Tables 2 and 3: accuracy in per cent, mean over folds and seeds, standard deviation over seeds."""
    heading = [
        "Method",
        "Acc. (%)",
        "sd over seeds",
        "X",
        "Y",
        "with cell context",
        "runs (folds x seeds)",
        "paper (%)",
    ]
    rows = [heading]
    for method in methods:
        done = runs.get(method.key, ())
        paper = "" if method.paper is None else f"{method.paper:.2f}"
        if not done:
            rows.append([method.title, NOT_RUN, "", "", "", "", "", paper])
            continue
        folds, seeds = {run["fold"] for run in done}, {run["seed"] for run in done}
        rows.append(
            [
                method.title,
                f"{100 * _mean(done, 'accuracy'):.2f}",
                _spread(done),
                *(_label_share(done, label) for label in ("X", "Y")),
                "" if done[0]["context_accuracy"] is None else f"{100 * _mean(done, 'context_accuracy'):.2f}",
                f"{len(done)} ({len(folds)} x {len(seeds)}){_twin(done)}",
                paper,
            ]
        )
    return rows


def pooled_confusion(runs: Sequence[Mapping[str, Any]]) -> NDArray[np.int64]:
    """Return the confusion matrix (24, 24) of all runs of a method together."""
    truth = np.concatenate([np.array(run["truth"], np.int64) for run in runs])
    return confusion_matrix(truth, np.concatenate([np.array(run["answer"], np.int64) for run in runs]))


def labels_table(runs: Sequence[Mapping[str, Any]]) -> Table:
    """Table 4: every label, from one confusion matrix; the last row is the whole."""
    heading = ["Label", "images", "TP", "FP", "FN", "Acc. eq. 18 (%)", "Precision (%)", "Recall (%)", "F1 (%)"]
    heading += ["paper: Acc.", "Precision", "Recall", "F1"]
    rows = [heading]
    if not runs:
        return [*rows, *([label, NOT_RUN, *[""] * 7, *_percent(PAPER_TABLE_4[label])] for label in PAPER_TABLE_4)]
    matrix = pooled_confusion(runs)
    figures = label_figures(matrix)
    for row in figures:
        counts = (row.images, row.true_positive, row.false_positive, row.false_negative)
        shares = (row.accuracy, row.precision, row.recall, row.f1)
        ours = ["" if share is None else f"{100 * share:.2f}" for share in shares]
        rows.append([row.label, *map(str, counts), *ours, *_percent(PAPER_TABLE_4[row.label])])
    total = [int(matrix.sum()), *(sum(getattr(row, name) for row in figures) for name in _COUNTS)]
    plain = f"{100 * accuracy(matrix):.2f}"
    rows.append(["all", *map(str, total), f"{100 * equation_22(matrix):.2f}", plain, plain, plain, "97.55", "", "", ""])
    return rows


_COUNTS = ("true_positive", "false_positive", "false_negative")


def to_csv(table: Table) -> str:
    """Return the table as CSV."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(table)
    return out.getvalue()


def to_markdown(title: str, table: Table, notes: Sequence[str]) -> str:
    """Return the table as Markdown with its title and what must be known to read it."""
    lines = [f"# {title}", ""]
    lines += [f"- {note}" for note in notes]
    lines += ["", _line(table[0]), _line(["---", *["---:"] * (len(table[0]) - 1)]), *map(_line, table[1:])]
    return "\n".join(lines) + "\n"


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _twin(runs: Sequence[Mapping[str, Any]]) -> str:
    """Whose run this is, where a stand-in makes two rows the same."""
    others = sorted({METHODS[run["same_as"]].title for run in runs if "same_as" in run})
    return f", that of {', '.join(others)}" if others else ""


def _percent(values: Sequence[float]) -> list[str]:
    return [f"{value:.2f}" for value in values]


def _mean(runs: Sequence[Mapping[str, Any]], name: str) -> float:
    return float(np.mean([run[name] for run in runs]))


def _spread(runs: Sequence[Mapping[str, Any]]) -> str:
    """Standard deviation over the seeds of the mean over the folds; empty with a single seed."""
    seeds = sorted({run["seed"] for run in runs})
    if len(seeds) < 2:
        return ""
    means = [_mean([run for run in runs if run["seed"] == seed], "accuracy") for seed in seeds]
    return f"{100 * float(np.std(means, ddof=1)):.2f}"


def _label_share(runs: Sequence[Mapping[str, Any]], label: str) -> str:
    matrix = pooled_confusion(runs)
    index = CLASS_INDEX[label]
    count = int(matrix[index].sum())
    return f"{100 * matrix[index, index] / count:.2f}" if count else ""
