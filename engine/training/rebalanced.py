"""SMOTE on features: the label head fitted anew on balanced penultimate features, the backbone left as it is."""

import copy

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from engine.nets.classifiers import ChromosomeClassifier
from engine.training.config import TrainConfig
from engine.training.dataset import PIXEL_SCALE, LabelledImages
from engine.training.sampling import oversample, targets_for

_HOLD = 1e-3  # weight of the distance from the head as it was trained: the fit must not forget it


def head_features(model: ChromosomeClassifier, data: LabelledImages) -> NDArray[np.float32]:
    """Return what the label head of `model` sees of each image (N, F), in evaluation mode."""
    seen: list[Tensor] = []
    hook = model.label_head.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0].float().cpu()))
    model.eval()
    with torch.no_grad():
        for start in range(0, len(data), 64):
            images = torch.from_numpy(data.images[start : start + 64]).float()[:, None] / PIXEL_SCALE
            model(images, torch.from_numpy(data.size[start : start + 64]))
    hook.remove()
    return torch.cat(seen).numpy()


def rebalanced_head(model: ChromosomeClassifier, train: LabelledImages, config: TrainConfig) -> ChromosomeClassifier:
    """Return a copy of the model whose label head was fitted on balanced features of the **training** part.

    Raises
    ------
    InputError
        If a label has fewer than two images.
    """
    real = train.take(~train.synthetic)
    features = head_features(model, real)
    targets = targets_for(real.labels, config.sampling)
    made, made_labels = oversample(
        features, real.labels, targets, seed=config.seed, neighbours=config.sampling.neighbours
    )
    inputs = torch.from_numpy(np.concatenate([features, made]))
    labels = torch.from_numpy(np.concatenate([real.labels, made_labels]))
    balanced = copy.deepcopy(model)
    head = balanced.label_head
    _fit(head, inputs, labels, config.label_smoothing)
    return balanced


def _fit(head: nn.Linear, inputs: Tensor, labels: Tensor, smoothing: float) -> None:
    start = [parameter.detach().clone() for parameter in head.parameters()]
    search = torch.optim.LBFGS(head.parameters(), max_iter=100, line_search_fn="strong_wolfe")

    def closure() -> Tensor:
        search.zero_grad()
        loss = functional.cross_entropy(head(inputs), labels, label_smoothing=smoothing)
        held = sum(((now - was) ** 2).sum() for now, was in zip(head.parameters(), start, strict=True))
        loss = loss + _HOLD * held
        loss.backward()  # type: ignore[no-untyped-call]
        return loss

    search.step(closure)  # type: ignore[no-untyped-call]
