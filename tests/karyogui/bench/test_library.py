"""The measurement of a large library runs, and says what it measured."""

import pytest

from karyogui.bench.library import main


def test_a_small_library_is_measured(capsys: pytest.CaptureFixture[str], qtbot: object) -> None:
    assert main(["--cases", "6", "--cells", "2", "--rounds", "2"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("6 cases of 2 cells")
    assert [line[:34].strip() for line in lines[1:]] == [
        "list of all cases",
        "cells of a case",
        "a cell, shown",
        "start: library opened and listed",
    ]
