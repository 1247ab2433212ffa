"""SMOTE on features: the head alone moves, and the rare label gains."""

import numpy as np
import torch

from engine.nets.classifiers import ChromosomeClassifier
from engine.training.config import SamplingConfig, TrainConfig
from engine.training.dataset import LabelledImages
from engine.training.rebalanced import head_features, rebalanced_head


def data(counts: dict[int, int]) -> LabelledImages:
    labels = np.concatenate([np.full(count, label) for label, count in counts.items()])
    images = np.random.default_rng(0).integers(0, 30, (len(labels), 48, 32)).astype(np.uint8)
    for number, label in enumerate(labels):
        images[number, 4 + 2 * label : 10 + 2 * label, 8:24] = 150
    size, ones, names = (
        np.zeros((len(labels), 3), np.float32),
        np.ones(len(labels), np.bool_),
        np.full(len(labels), "c"),
    )
    return LabelledImages(images, size, labels.astype(np.int64), ones, names, names)


def test_the_rare_label_gains_and_the_backbone_stays() -> None:
    torch.manual_seed(1)
    model = ChromosomeClassifier("resnet_tiny").eval()
    train = data({0: 30, 7: 30, 15: 3})
    config = TrainConfig(backbone="resnet_tiny", sampling=SamplingConfig("smote_features"), label_smoothing=0.0)
    balanced = rebalanced_head(model, train, config)
    for name, value in model.state_dict().items():
        same = torch.equal(value, balanced.state_dict()[name])
        assert same == (not name.startswith("label_head")), name
    features = torch.from_numpy(head_features(model, train))
    assert features.shape == (63, model.label_head.in_features)
    with torch.no_grad():
        right = (balanced.label_head(features).argmax(1).numpy() == train.labels)[train.labels == 15]
        before = (model.label_head(features).argmax(1).numpy() == train.labels)[train.labels == 15]
    assert right.mean() > before.mean()
    assert right.all()
