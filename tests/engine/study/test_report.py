"""One page that stands alone: tables, figures, and `not run` where nothing is."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np

from engine.progress import SilentReporter
from engine.study.figures import confusion_svg, embedded
from engine.study.inputs import StudyImages
from engine.study.methods import METHODS
from engine.study.report import write_report
from engine.study.runs import Study, StudySettings


def test_a_study_with_one_run(tmp_path: Path, bars: StudyImages) -> None:
    settings = StudySettings(folds=3, epochs=1, size=32, batch_size=12, stand_in="resnet_tiny")
    study = Study(tmp_path, bars, "digest", settings)
    study.run(METHODS["inception"], study.folds[0], 1, SilentReporter())
    write_report(tmp_path, "bars <q>", settings)
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert "SRAS-net on bars &lt;q&gt;" in page
    assert "1 epochs at most instead of 100" in page
    assert page.count("<svg") == 1  # of figure 8; no run of SRAS-net for figure 7
    assert 'class="missing">not run' in page
    assert "http" not in page.replace("http://www.w3.org/2000/svg", "")
    assert (tmp_path / "fig8_inception.svg").is_file()
    assert not (tmp_path / "fig7.svg").exists()
    for name in ("table2", "table3", "table4"):
        assert "not run" in (tmp_path / f"{name}.md").read_text(encoding="utf-8")
        assert (tmp_path / f"{name}.csv").is_file()
    assert "the validation part chooses the epoch" in page
    write_report(tmp_path, "bars", replace(settings, one_cycle=0.002))
    assert "the last epoch is kept" in (tmp_path / "index.html").read_text(encoding="utf-8")


def test_the_confusion_matrix_shows_every_count() -> None:
    matrix = np.diag(np.arange(1, 25))
    matrix[3, 7] = 99
    texts = re.findall(r">([^<>]+)</text>", confusion_svg(matrix, "A & B"))
    assert "99" in texts
    assert "A &amp; B" in texts
    assert sum(text == "24" for text in texts) == 1
    assert sum(text == "22" for text in texts) == 3  # the count, and the label on both edges


def test_the_embedding_keeps_clusters_together() -> None:
    rng = np.random.default_rng(0)
    centres = rng.normal(0, 20, (3, 8))
    labels = np.repeat(np.arange(3), 12)
    places = embedded(centres[labels] + rng.normal(0, 1, (36, 8)))
    assert places.shape == (36, 2)
    middle = np.array([places[labels == label].mean(axis=0) for label in range(3)])
    nearest = np.linalg.norm(places[:, None] - middle[None], axis=2).argmin(axis=1)
    assert (nearest == labels).all()
