"""How a model came to be, in words; whatever stands on a card, nothing fails."""

from karyogui.model.descent import descent


def test_a_model_of_the_laboratory_says_all_of_its_descent() -> None:
    step = {
        "bundle": "g-own-2",
        "way": "thorough",
        "balance": "smote_pixels",
        "epochs": 6,
        "learning_rate": 3e-4,
        "seed": 1,
        "cells": {"learned": 12, "tuned": 3, "judged": 5},
        "counts": {"1": 24, "X": 18, "Y": 0},
        "sha256": {"learned": "a" * 64, "tuned": "b" * 64},
        "versions": {"karyogui": "0.1.0", "python": "3.11.7"},
    }
    figures = {"image_accuracy": 0.9, "context_accuracy": 0.95, "whole_cells": 0.5}
    better = {**figures, "context_accuracy": 0.99}
    comparison = {"against": "g-own-1", "sentence": "Better: on 5 cells.", "current": figures, "candidate": better}
    text = "\n".join(descent("g-own-1 1.0", {"steps": [step], "learned": ["x"] * 15}, {"comparison": comparison}))
    for part in (
        "Made from g-own-1 1.0.",
        "g-own-2: Thorough, learned from 12 cells (42 chromosomes), tuned on 3, judged by 5; SMOTE on pixels, seed 1",
        "epochs 6, learning rate 0.0003",
        "1 24  X 18",
        "learned aaaaaaaaaaaa…, tuned bbbbbbbbbbbb…",
        "karyogui 0.1.0, python 3.11.7",
        "15 cells of the laboratory are known to it",
        "Compared with g-own-1: Better: on 5 cells.",
        "alone 90.0 % → 90.0 %, with context 95.0 % → 99.0 %, whole cells 50.0 % → 50.0 %",
    ):
        assert part in text
    assert "Y 0" not in text


def test_a_model_that_comes_with_the_program_says_its_data_and_figures() -> None:
    training = {"data": {"gband": {"train": 18241}, "other": 3}}
    metrics = {"gband": {"figures": {"n_cells": 51, "context_accuracy": 0.992, "whole_cells": None}}}
    text = "\n".join(descent(None, training, metrics, ["A paper"]))
    assert "Not made from another model here." in text
    assert "Trained on gband (18241 chromosomes), other." in text
    assert "Source: A paper." in text
    assert "On 51 cells of gband: alone –, with context 99.2 %, whole cells –." in text


def test_strange_cards_do_no_harm() -> None:
    assert descent(None, {"steps": [1, {}], "learned": 3, "data": "x"}, {"a": 1, "comparison": []})
    assert (
        descent("p", {"data": [{"name": "ours", "images": 9}, 5]}, {})[-1] == "Trained on ours (9 chromosomes), None."
    )
