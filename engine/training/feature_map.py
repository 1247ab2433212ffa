"""Features laid out in a plane, so that a person can see what a network finds alike (fig. 8 of the paper)."""

import numpy as np
from numpy.typing import NDArray
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE

_ENOUGH_FOR_TSNE = 30  # points; with fewer the two main directions say as much
_WIDTH = 30  # main directions t-SNE begins with


def in_a_plane(features: NDArray[np.float64], seed: int = 0) -> NDArray[np.float64]:
    """Return points (N, 2) for features (N, F), N >= 1: near is alike. The same input gives the same points."""
    if len(features) < 2:
        return np.zeros((len(features), 2))
    points = PCA(min(_WIDTH, *features.shape), random_state=seed).fit_transform(features)
    if len(points) > _ENOUGH_FOR_TSNE:
        perplexity = min(30.0, (len(points) - 1) / 4)
        points = TSNE(perplexity=perplexity, init="pca", random_state=seed, n_jobs=1).fit_transform(points)
    plane = np.zeros((len(points), 2))
    plane[:, : min(points.shape[1], 2)] = points[:, :2]
    return plane
