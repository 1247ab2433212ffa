"""Files are written whole."""

import os
from pathlib import Path
from typing import BinaryIO

import pytest

from engine.whole_file import write_whole, write_whole_text


def test_folder_is_made_and_text_replaced(tmp_path: Path) -> None:
    path = tmp_path / "new" / "file.txt"
    write_whole_text(path, "one")
    write_whole_text(path, "zwei ü")
    assert path.read_bytes() == "zwei ü".encode()
    assert list(path.parent.iterdir()) == [path]


def test_failure_in_the_middle_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "file.txt"
    write_whole_text(path, "old")

    def write(stream: BinaryIO) -> None:
        stream.write(b"half")
        raise OSError("no space left on device")

    with pytest.raises(OSError, match="no space"):
        write_whole(path, write)
    assert path.read_text() == "old"
    assert list(tmp_path.glob(".file*")) == []


def test_a_new_file_can_be_read_by_colleagues_and_an_old_one_keeps_its_rights(tmp_path: Path) -> None:
    if os.name == "nt":
        pytest.skip("Windows has no such rights")
    mask = os.umask(0o022)
    try:
        write_whole_text(tmp_path / "new.json", "{}")
        private = tmp_path / "private.json"
        private.touch(mode=0o600)
        write_whole_text(private, "{}")
    finally:
        os.umask(mask)
    assert (tmp_path / "new.json").stat().st_mode & 0o777 == 0o644
    assert private.stat().st_mode & 0o777 == 0o600
