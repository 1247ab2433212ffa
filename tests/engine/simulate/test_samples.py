"""The embedded sample cells."""

import json
from collections import Counter
from importlib.resources import as_file

import pytest

from engine.imaging.read import find_cells, read_cell
from engine.karyotype.counts import ChromosomeCounts
from engine.karyotype.iscn import karyotype_text
from engine.simulate.cells import SAMPLE_SEEDS_FROM, simulate_cell
from resources import read_bytes, resource

LISTED = {each["folder"]: each for each in json.loads(read_bytes("samples/samples.json"))["cells"]}


def test_the_three_samples_are_there_and_small() -> None:
    assert set(LISTED) == {"46,XX", "46,XY", "47,XY,+21"}
    folders = [entry for entry in resource("samples").iterdir() if entry.is_dir()]
    assert {folder.name for folder in folders} == set(LISTED)
    assert sum(len(file.read_bytes()) for folder in folders for file in folder.iterdir()) < 2_000_000


@pytest.mark.parametrize("name", LISTED)
def test_sample_holds_the_karyotype_it_is_named_after(name: str) -> None:
    truth = json.loads(read_bytes(f"samples/{name}/truth.json"))
    found = Counter(each["label"] for each in truth["chromosomes"].values())
    assert karyotype_text(ChromosomeCounts.from_labels(found.elements())) == name == truth["karyotype"]
    with as_file(resource(f"samples/{name}")) as folder:
        images = read_cell(*find_cells([folder]))
    assert [chromosome.source for chromosome in images.chromosomes] == list(truth["chromosomes"])
    assert images.stain == "g"
    assert not images.warnings


@pytest.mark.parametrize("name", LISTED)
def test_sample_was_drawn_from_a_reserved_seed(name: str) -> None:
    listed = LISTED[name]
    truth = json.loads(read_bytes(f"samples/{name}/truth.json"))
    assert truth["seed"] == listed["seed"] >= SAMPLE_SEEDS_FROM
    drawn = simulate_cell(listed["karyotype"], bands=listed["bands"], stain=listed["stain"], seed=listed["seed"])
    assert [each["label"] for each in truth["chromosomes"].values()] == [c.label for c in drawn.chromosomes]
