"""The ensemble of VGG19, ResNet50 and MobileNetV2 (Al-Kharraz, Elrefaie and Fadel, GCAIA 2020).

Known from the SRAS-net paper: the three networks, and that their results are averaged. Not known: the weights of the
mean and the training of each. The natural reading: each is trained by itself, and the mean is that of the
probabilities. So the row needs no training of its own: it is made of three runs on the same fold with the same seed.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

MEMBERS = ("vgg19", "resnet50", "mobilenet_v2")
"""Methods whose runs are averaged."""


def averaged(probabilities: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
    """Return the mean of the members' probabilities, each (N, 24)."""
    if not probabilities:
        raise ValueError("an ensemble needs at least one member")
    mean: NDArray[np.float64] = np.mean(np.stack(probabilities), axis=0)
    return mean
