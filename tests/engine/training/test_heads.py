"""The fit of a layer: held to what it was, free where it is let go."""

import numpy as np

from engine.training.heads import Head, Lesson, fit_labels, fit_polarity


def lesson() -> Lesson:
    rng = np.random.default_rng(1)
    labels = np.repeat(np.arange(24), 6)
    features = rng.normal(0, 0.3, (len(labels), 30))
    features[np.arange(len(labels)), labels] += 2.0
    return Lesson(features, labels, np.ones(len(labels)), upright=rng.random(len(labels)) > 0.5)


OLD = Head(np.zeros((24, 30)), np.zeros(24))


def test_a_strong_hold_changes_little_and_a_weak_one_learns() -> None:
    given = lesson()
    timid, bold = (fit_labels(OLD, OLD, given, hold) for hold in (100.0, 1e-4))
    assert np.abs(timid.weight).max() < 0.05
    assert (bold(given.features).argmax(axis=1) == given.labels).all()
    assert np.abs(bold.weight).max() > 20 * np.abs(timid.weight).max()


def test_where_it_begins_does_not_matter() -> None:
    given = lesson()
    elsewhere = Head(np.full((24, 30), 0.3), np.full(24, -0.2))
    first, second = fit_labels(OLD, OLD, given, 0.01), fit_labels(elsewhere, OLD, given, 0.01)
    assert np.abs(first(given.features) - second(given.features)).max() < 0.1


def test_polarity_of_each_label_is_its_own() -> None:
    given = lesson()
    assert given.upright is not None
    features = given.features.copy()
    features[:, 29] = np.where(given.upright, 1.0, -1.0) * np.where(given.labels % 2, 1.0, -1.0)
    fitted = fit_polarity(OLD, OLD, Lesson(features, given.labels, given.weights, given.upright), 1e-4)
    own = fitted(features)[np.arange(len(features)), given.labels] > 0
    assert (own == given.upright).mean() > 0.98
    assert fitted.weight[1, 29] > 0 > fitted.weight[0, 29]  # odd labels one way, even ones the other
