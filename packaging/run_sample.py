"""Open the program on its sample cell; without a display, classify that cell and write its karyogram to `out/`."""

import subprocess
import sys
from importlib.resources import as_file
from pathlib import Path

from karyogui.system_libraries import has_display, missing_packages, missing_sentence, platform_in_use
from resources import resource

SAMPLE = "samples/47,XY,+21"
OUT = Path("out")
REFUSED = 2  # exit code of karyogui where it could not show a window


def command(name: str) -> Path:
    """The console script `name` of the environment this runs in."""
    return Path(sys.executable).with_name(name)


def classify_command(cell: Path) -> list[str]:
    """The command line that writes the karyogram of `cell` as picture, document and numbers."""
    outputs = {"--png": "karyogram.png", "--pdf": "karyogram.pdf", "--json": "karyogram.json"}
    options = [part for option, name in outputs.items() for part in (option, str(OUT / name))]
    return [str(command("karyo")), "classify", str(cell), *options]


def main() -> int:
    missing = missing_packages(platform_in_use())
    if missing:
        print(missing_sentence(missing), file=sys.stderr)
        return 1
    if has_display():
        code = subprocess.call([str(command("karyogui")), "--sample"])
        if code != REFUSED:
            return code  # 2 and a sentence: the display is named but does not answer, which is as good as none
    OUT.mkdir(exist_ok=True)
    with as_file(resource(SAMPLE)) as cell:
        code = subprocess.call(classify_command(cell))
    if code == 0:
        print(f"No display: classified the sample cell without a window and wrote {OUT}/karyogram.png, .pdf and .json.")
    return code


if __name__ == "__main__":
    sys.exit(main())
