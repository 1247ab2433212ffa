"""Figures 7 and 8 as SVG: sharp at any size, with real text, and no drawing library needed."""

import colorsys
from html import escape

import numpy as np
from numpy.typing import NDArray

from engine.types import CLASS_LABELS

_CELL, _EDGE = 26, 58
_SIDE = 560
_FONT = 'font-family="sans-serif"'


def confusion_svg(matrix: NDArray[np.int64], title: str) -> str:
    """Figure 7: confusion matrix (24, 24), rows truth, columns answer; shade = share of the row."""
    side = _EDGE + _CELL * len(CLASS_LABELS)
    parts = [
        _head(side + 20, side + 30, title),
        _text(side / 2 + 20, 16, title, 13),
        _text(side / 2 + 20, 34, "answer", 11),
    ]
    parts.append(f'<g transform="rotate(-90 14 {side / 2})">{_text(14, side / 2, "truth", 11)}</g>')
    for row, label in enumerate(CLASS_LABELS):
        parts.append(_text(_EDGE - 14, _EDGE + (row + 0.65) * _CELL, label, 10))
        parts.append(_text(_EDGE + (row + 0.5) * _CELL, _EDGE - 6, label, 10))
        total = max(int(matrix[row].sum()), 1)
        for column in range(len(CLASS_LABELS)):
            count = int(matrix[row, column])
            share = count / total
            grey = round(255 - 200 * share ** (1.0 if row == column else 0.5))
            colour = f"rgb({grey},{grey},255)" if row == column else f"rgb(255,{grey},{grey})"
            x, y = _EDGE + column * _CELL, _EDGE + row * _CELL
            parts.append(f'<rect x="{x}" y="{y}" width="{_CELL}" height="{_CELL}" fill="{colour}" stroke="#ddd"/>')
            if count:
                parts.append(_text(x + _CELL / 2, y + 0.65 * _CELL, str(count), 9, "#fff" if grey < 130 else "#222"))
    return "".join([*parts, "</svg>"])


def embedding_svg(points: NDArray[np.float64], labels: NDArray[np.int64], title: str) -> str:
    """Figure 8: each image at its place (N, 2) as its label, in the label's colour."""
    low, high = points.min(axis=0), points.max(axis=0)
    place = (points - low) / np.maximum(high - low, 1e-9) * (_SIDE - 40) + 20
    parts = [_head(_SIDE, _SIDE + 24, title), _text(_SIDE / 2, 16, title, 13)]
    for (x, y), label in zip(place.tolist(), labels.tolist(), strict=True):
        red, green, blue = colorsys.hsv_to_rgb(label / len(CLASS_LABELS), 0.85, 0.55 + 0.3 * (label % 2))
        colour = f"#{round(255 * red):02x}{round(255 * green):02x}{round(255 * blue):02x}"
        parts.append(_text(x, y + 24, CLASS_LABELS[label], 8, colour))
    return "".join([*parts, "</svg>"])


def embedded(features: NDArray[np.floating], seed: int = 0) -> NDArray[np.float64]:
    """Return t-SNE places (N, 2) of features (N, F), the same for the same features; N >= 4."""
    from sklearn.manifold import TSNE  # here: seconds that the other tables need not pay

    values = np.asarray(features, np.float64)
    if values.shape[1] < 2:
        values = np.pad(values, ((0, 0), (0, 1)))
    spread = values.std(axis=0)
    values = (values - values.mean(axis=0)) / np.where(spread > 1e-9, spread, 1.0)
    perplexity = min(30.0, (len(values) - 1) / 3)
    places: NDArray[np.float64] = TSNE(perplexity=perplexity, init="pca", random_state=seed, n_jobs=1).fit_transform(
        values
    )
    return np.asarray(places, np.float64)


def _head(width: float, height: float, title: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" '
        f'height="{height:g}" role="img" aria-label="{escape(title)}">'
        f'<rect width="{width:g}" height="{height:g}" fill="white"/>'
    )


def _text(x: float, y: float, text: str, size: int, colour: str = "#222") -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" {_FONT} fill="{colour}" text-anchor="middle">'
        f"{escape(text)}</text>"
    )
