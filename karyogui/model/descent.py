"""How a model came to be, in lines for the user: parent, data, seeds, versions, figures, off its card."""

from collections.abc import Iterable, Mapping
from typing import Any

_WAYS = {"quick": "Quick", "thorough": "Thorough", "full": "From the beginning"}
_BALANCES = {
    "none": "cells as they are",
    "class_weights": "rare labels counted more",
    "smote_features": "SMOTE on features",
    "smote_pixels": "SMOTE on pixels",
}
_FIGURES = (("image_accuracy", "alone"), ("context_accuracy", "with context"), ("whole_cells", "whole cells"))


def descent(
    parent: str | None, training: Mapping[str, Any], metrics: Mapping[str, Any], sources: Iterable[str] = ()
) -> list[str]:
    """Return lines; what a card does not say, or says in a form of its own, is left out."""
    lines = [f"Made from {parent}." if parent else "Not made from another model here."]
    for step in training.get("steps") or []:
        if isinstance(step, dict):
            lines += _step(step)
    learned = training.get("learned")
    if isinstance(learned, list) and learned:
        lines.append(f"{len(learned)} cells of the laboratory are known to it and never judge it.")
    lines += _data(training.get("data"))
    lines += [f"Source: {source}." for source in sources]
    comparison = metrics.get("comparison")
    if isinstance(comparison, dict):
        lines.append(f"Compared with {comparison.get('against')}: {comparison.get('sentence')}")
        now, then = comparison.get("candidate"), comparison.get("current")
        if isinstance(now, dict) and isinstance(then, dict):
            figures = [f"{words} {_percent(then.get(key))} → {_percent(now.get(key))}" for key, words in _FIGURES]
            lines.append("On the cells it was judged by: " + ", ".join(figures) + ".")
    for name, found in metrics.items():
        figures_of = found.get("figures", found) if isinstance(found, dict) and name != "comparison" else {}
        if isinstance(figures_of, dict) and "context_accuracy" in figures_of:
            text = ", ".join(f"{words} {_percent(figures_of.get(key))}" for key, words in _FIGURES)
            lines.append(f"On {figures_of.get('n_cells', '?')} cells of {name}: {text}.")
    return lines


def _step(step: Mapping[str, Any]) -> list[str]:
    cells, counts, digests = (_dict(step.get(key)) for key in ("cells", "counts", "sha256"))
    way = _WAYS.get(str(step.get("way")), str(step.get("way")))
    total = sum(count for count in counts.values() if isinstance(count, int))
    lines = [
        f"{step.get('bundle')}: {way}, learned from {cells.get('learned')} cells ({total} chromosomes), tuned on "
        f"{cells.get('tuned')}, judged by {cells.get('judged')}; "
        f"{_BALANCES.get(str(step.get('balance')), str(step.get('balance')))}, seed {step.get('seed')}"
        + "".join(
            f", {key.replace('_', ' ')} {step[key]}" for key in ("recipe", "epochs", "learning_rate") if key in step
        )
        + "."
    ]
    if counts:
        lines.append("   chromosomes: " + "  ".join(f"{label} {count}" for label, count in counts.items() if count))
    if digests:
        lines.append("   data: " + ", ".join(f"{part} {str(digest)[:12]}…" for part, digest in digests.items()))
    versions = _dict(step.get("versions"))
    if versions:
        lines.append("   " + ", ".join(f"{name} {number}" for name, number in versions.items()))
    return lines


def _data(data: object) -> list[str]:
    """Say what a model of the command line, or one that comes with the program, was trained on."""
    if isinstance(data, dict):
        rows = [(str(name), _dict(found).get("train")) for name, found in data.items()]
    elif isinstance(data, list):
        rows = [(str(_dict(found).get("name")), _dict(found).get("images")) for found in data]
    else:
        return []
    said = [f"{name} ({count} chromosomes)" if isinstance(count, int) else name for name, count in rows]
    return [f"Trained on {', '.join(said)}."] if said else []


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _percent(value: object) -> str:
    return f"{100 * value:.1f} %" if isinstance(value, int | float) else "–"
