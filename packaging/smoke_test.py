"""Does the frozen program work where nothing else is installed? `smoke_test.py dist/karyogui`; exit code 0 or 1.

It classifies the sample cell with the frozen `karyo` and looks at what was written, then starts the frozen `karyogui`
on the sample, offscreen, and sees that it stays alive.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

SAMPLE = Path("_internal") / "resources" / "samples" / "47,XY,+21"
STARTS_WITHIN = 15.0  # seconds; a program that lives this long has opened its window


def check_classify(folder: Path) -> None:
    """Classify the sample with the frozen `karyo`; raise `AssertionError` or `CalledProcessError` if it is wrong."""
    with tempfile.TemporaryDirectory() as out:
        json_file, png, pdf = (Path(out) / f"karyogram.{kind}" for kind in ("json", "png", "pdf"))
        outputs = ["--json", str(json_file), "--png", str(png), "--pdf", str(pdf)]
        subprocess.run([str(folder / "karyo"), "classify", str(folder / SAMPLE), *outputs], check=True)
        cell = json.loads(json_file.read_text(encoding="utf-8"))["cells"][0]
        require(cell["n"] == 47, f"{cell['n']} chromosomes instead of 47")
        require(cell["karyotype"] == "47,XY,+21", f"karyotype {cell['karyotype']} instead of 47,XY,+21")
        require(png.read_bytes().startswith(b"\x89PNG"), "the PNG is none")
        require(pdf.read_bytes().startswith(b"%PDF"), "the PDF is none")


def check_window(folder: Path) -> None:
    """Start the frozen `karyogui` on the sample; it must still run after `STARTS_WITHIN` seconds."""
    environ = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    with subprocess.Popen([str(folder / "karyogui"), "--sample"], env=environ) as program:
        try:
            code = program.wait(timeout=STARTS_WITHIN)
        except subprocess.TimeoutExpired:
            program.terminate()
            return
    raise AssertionError(f"karyogui ended with code {code}")


def require(fact: bool, otherwise: str) -> None:
    if not fact:
        raise AssertionError(otherwise)


def main(folder: Path) -> int:
    for check in (check_classify, check_window):
        try:
            check(folder)
        except (AssertionError, subprocess.CalledProcessError, OSError) as error:
            print(f"{check.__name__}: {error}", file=sys.stderr)
            return 1
        print(f"{check.__name__}: well")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve()))
