"""The command line as a whole: help, version, exit codes."""

import argparse
import subprocess
import sys
from importlib.metadata import version

import pytest

from engine import cli
from engine.errors import BundleError


def test_help_names_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        cli.main(["--help"])
    assert caught.value.code == 0
    out = capsys.readouterr().out
    for command in ("classify", "bundles", "simulate"):
        assert f"    {command} " in out


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["--version"])
    assert capsys.readouterr().out == f"karyo {version('karyogui')}\n"


@pytest.mark.parametrize("arguments", [[], ["unheard-of"], ["classify"], ["classify", "x", "--stain", "c"]])
def test_wrong_use_is_exit_code_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        cli.main(arguments)
    assert caught.value.code == 2
    assert "usage: karyo" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("failure", "code", "message"),
    [(BundleError("One sentence."), 2, "error: One sentence.\n"), (KeyboardInterrupt(), 130, "stopped\n")],
)
def test_how_a_command_ends(
    failure: BaseException,
    code: int,
    message: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def run(args: argparse.Namespace) -> None:
        raise failure

    parser = argparse.ArgumentParser()
    parser.set_defaults(run=run)
    monkeypatch.setattr(cli, "build_parser", lambda: parser)
    assert cli.main([]) == code
    assert capsys.readouterr().err == message


def test_help_is_light() -> None:
    code = (
        "import sys; from engine.cli import build_parser; build_parser().format_help();"
        "print(sorted({'torch', 'cv2', 'scipy', 'onnxruntime', 'PySide6', 'tqdm'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout == "[]\n"
