"""Results as JSON, for other programs: the words and units of `engine.types`."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from engine.errors import InputError
from engine.types import CLASS_LABELS, BundleRef, CellResult, ChromosomeResult, FileWarning
from engine.whole_file import write_whole_text

_DIGITS = 6  # of probabilities


def cell_to_json(result: CellResult) -> dict[str, Any]:
    """Return what is known of one classified cell."""
    return {
        "cell": result.cell,
        "stain": result.stain,
        "karyotype": result.karyotype,
        "n": len(result.chromosomes),
        "seconds": round(result.seconds, 3),
        "warnings": _warnings(result.warnings),
        "alternatives": [
            {
                "karyotype": other.karyotype,
                "log_likelihood_gap": round(other.log_likelihood_gap, _DIGITS),
                "labels": list(other.labels),
            }
            for other in result.alternatives
        ],
        "chromosomes": [_chromosome(chromosome) for chromosome in result.chromosomes],
    }


def unread_cell_to_json(cell: str, warnings: Sequence[FileWarning]) -> dict[str, Any]:
    """Return the entry of a cell in which nothing could be used: the same keys, no chromosomes, no karyotype."""
    empty: dict[str, Any] = {"cell": cell, "stain": None, "karyotype": None, "n": 0, "seconds": 0.0}
    return empty | {"warnings": _warnings(warnings), "alternatives": [], "chromosomes": []}


def report_to_json(bundle: BundleRef, cells: Sequence[dict[str, Any]]) -> str:
    """Return the text of the file that `karyo classify --json` writes."""
    report = {"bundle": {"name": bundle.name, "version": bundle.version}, "cells": list(cells)}
    return json.dumps(report, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def write_text_whole(path: Path, text: str) -> None:
    """Write a UTF-8 file whole or not at all.

    Raises
    ------
    InputError
        If it cannot be written; an older file stays as it was.
    """
    try:
        write_whole_text(path, text)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror or error}.") from None


def _warnings(warnings: Sequence[FileWarning]) -> list[dict[str, str]]:
    return [{"file": warning.file, "message": warning.message} for warning in warnings]


def _chromosome(chromosome: ChromosomeResult) -> dict[str, Any]:
    probabilities = zip(CLASS_LABELS, chromosome.probabilities, strict=True)
    return {
        "file": chromosome.source,
        "label": chromosome.label,
        "confidence": round(chromosome.confidence, _DIGITS),
        "image_label": chromosome.image_label,
        "probabilities": {label: round(value, _DIGITS) for label, value in probabilities},
        "upright_rotation_deg": round(chromosome.upright_rotation_deg, 2),
        "mirrored": chromosome.mirrored,
        "centromere": round(chromosome.centromere, 4),
        "alternatives": [
            {"label": other.label, "probability": round(other.probability, _DIGITS)}
            for other in chromosome.alternatives
        ],
    }
