"""Two processes give the loss curve of one, batch statistics included."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import json, sys
import numpy as np, torch
from torch import nn
from engine.nets.classifiers import ClassifierOutput
from engine.training.config import AugmentConfig, TrainConfig
from engine.training.dataset import LabelledImages
from engine.training.loop import Trainer
from engine.training.processes import join_processes, leave_processes
from timm.layers.norm_act import BatchNormAct2d

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv, self.norm = nn.Conv2d(1, 6, 5, stride=3, bias=False), nn.BatchNorm2d(6)
        self.next, self.act = nn.Conv2d(6, 8, 3, stride=2, bias=False), BatchNormAct2d(8)
        self.label, self.polarity = nn.Linear(8, 24), nn.Linear(8, 24)
    def forward(self, images, size):
        seen = self.act(self.next(torch.relu(self.norm(self.conv(images))))).mean(dim=(2, 3))
        return ClassifierOutput(self.label(seen), self.polarity(seen), seen)

def drawn(count, group, seed):
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 4, count)
    images = rng.integers(0, 40, (count, 36, 24)).astype(np.uint8)
    for index, label in enumerate(labels):
        images[index, 4 + 7 * label : 10 + 7 * label] += 120
    ones = np.ones(count, np.bool_)
    names = np.full(count, group)
    return LabelledImages(images, np.zeros((count, 3), np.float32), labels, ones, names, names)

torch.set_num_threads(1)
team = join_processes()
torch.manual_seed(0)
config = TrainConfig(epochs=3, batch_size=15, augment=AugmentConfig(), bfloat16=False, ema_decay=0.5)
trainer = Trainer(Net(), drawn(52, "a", 0), drawn(13, "b", 1), config, team)
curve = [[e.train_loss, e.train_accuracy, e.validation_loss, e.validation_accuracy] for e in trainer.fit()]
weights = {name: value.double().sum().item() for name, value in trainer.best_model().state_dict().items()}
if team.leads:
    open(sys.argv[1], "w").write(json.dumps([team.count, curve, weights]))
leave_processes()
"""


def curves(folder: Path, count: int) -> list[object]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    root = Path(__file__).parents[3]
    common = {"OMP_NUM_THREADS": "1", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port), "WORLD_SIZE": str(count)}
    out = folder / f"{count}.json"
    running = [
        subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(out)],
            cwd=root,
            env={**os.environ, **common, "RANK": str(rank), "LOCAL_RANK": str(rank), "CUDA_VISIBLE_DEVICES": ""},
            stderr=subprocess.PIPE,
            text=True,
        )
        for rank in range(count)
    ]
    for process in running:
        _, complaint = process.communicate()
        assert process.returncode == 0, complaint
    values: list[object] = json.loads(out.read_text(encoding="utf-8"))
    return values


def test_two_processes_give_the_loss_curve_of_one(tmp_path: Path) -> None:
    one_count, one, one_weights = curves(tmp_path, 1)
    two_count, two, two_weights = curves(tmp_path, 2)
    assert (one_count, two_count) == (1, 2)
    for first, second in zip(one, two, strict=True):
        assert second == pytest.approx(first, rel=1e-4, abs=1e-5)
    assert two_weights == pytest.approx(one_weights, rel=1e-2, abs=1e-2)
