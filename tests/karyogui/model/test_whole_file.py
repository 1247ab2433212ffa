"""Files are written whole."""

from pathlib import Path
from typing import BinaryIO

import pytest

from karyogui.model.whole_file import write_whole, write_whole_text


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
