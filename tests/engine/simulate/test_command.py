"""`karyo simulate`."""

import argparse
import json
from pathlib import Path

import pytest

from engine.errors import InputError
from engine.simulate.command import add_parser


def run(*words: str) -> None:
    parser = argparse.ArgumentParser()
    add_parser(parser.add_subparsers())
    args = parser.parse_args(["simulate", *words])
    args.run(args)


def test_writes_one_folder_per_cell_with_truth(tmp_path: Path) -> None:
    run(str(tmp_path), "--cells", "2", "--karyotype", "45,X", "--bands", "400", "--stain", "q", "--seed", "7")
    folders = sorted(tmp_path.iterdir())
    assert len(folders) == 2
    for folder, seed in zip(folders, (7, 8), strict=True):
        truth = json.loads((folder / "truth.json").read_text("utf-8"))
        assert (truth["karyotype"], truth["bands"], truth["stain"], truth["seed"]) == ("45,X", 400, "q", seed)
        assert sorted(path.name for path in folder.glob("*.png")) == list(truth["chromosomes"])
        assert len(truth["chromosomes"]) == 45


def test_one_cell_is_a_cell_folder_too(tmp_path: Path) -> None:
    run(str(tmp_path / "out"))
    [folder] = (tmp_path / "out").iterdir()
    assert (folder / "045.png").is_file()


@pytest.mark.parametrize("words", [("--cells", "0"), ("--karyotype", "46,XX,del(5p)"), ("--seed", "-3")])
def test_refuses_in_a_sentence_and_writes_nothing(tmp_path: Path, words: tuple[str, str]) -> None:
    with pytest.raises(InputError, match=r"\.$"):
        run(str(tmp_path), *words)
    assert list(tmp_path.iterdir()) == []
