"""Exported files are whole or not there; every failure is one sentence, and the old file stays."""

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from karyogui.document import KaryogramDocument
from karyogui.export.files import ExportError, write_file
from karyogui.export.options import EXPORT_FORMATS, ExportFormat, ExportOptions
from karyogui.export.save import export_file


def test_the_old_file_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "cell.png"
    path.write_bytes(b"old")
    write_file(path, b"new")
    assert path.read_bytes() == b"new"
    assert [file.name for file in tmp_path.iterdir() if file.is_file()] == ["cell.png"]


@pytest.mark.skipif(os.name == "nt", reason="Windows folders decide who may read")
def test_others_may_read_the_report(tmp_path: Path) -> None:
    write_file(tmp_path / "cell.pdf", b"report")
    assert (tmp_path / "cell.pdf").stat().st_mode & 0o444 == 0o444


@pytest.mark.parametrize("kind", EXPORT_FORMATS)
@pytest.mark.usefixtures("qapp")
def test_a_full_disk_leaves_the_old_file(
    tmp_path: Path, open_cell: Callable[..., KaryogramDocument], kind: ExportFormat, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    path = tmp_path / f"cell.{kind}"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ExportError, match=rf"The disk is full: cell\.{kind} was not written"):
        export_file(path, open_cell(), ExportOptions(format=kind))
    assert path.read_bytes() == b"old"
    assert [file.name for file in tmp_path.iterdir() if file.is_file()] == [path.name]


def test_a_missing_folder_is_named_and_not_made(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="gone does not exist"):
        write_file(tmp_path / "gone" / "cell.png", b"new")
    assert not (tmp_path / "gone").exists()


def test_a_folder_of_that_name_stays(tmp_path: Path) -> None:
    (tmp_path / "cell.png").mkdir()
    with pytest.raises(ExportError, match="is a folder; choose another file name"):
        write_file(tmp_path / "cell.png", b"new")


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="the superuser may write anywhere")
def test_a_folder_that_may_not_be_written_to(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(ExportError, match="may not be written here"):
        write_file(tmp_path / "cell.png", b"new")


def test_any_other_reason_is_told(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="could not be written"):
        write_file(tmp_path / ("n" * 300), b"new")
