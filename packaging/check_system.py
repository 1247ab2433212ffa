"""Name the system libraries that Qt needs and that are missing, in one sentence; exit code 1 if any is.

`make setup`, `make run` and `make test` call it before Qt starts. `--packages` prints only the names of the Debian
packages, for `.ci/run` to install; it needs nothing but Python, so it works before anything is installed.
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # before `pip install` there is no other way to find it

from karyogui.system_libraries import LIBRARIES, missing_packages, missing_sentence, platform_in_use


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--platform", choices=sorted(LIBRARIES), default=platform_in_use(), help="Qt platform")
    parser.add_argument("--packages", action="store_true", help="print package names only, and succeed")
    arguments = parser.parse_args()
    missing = missing_packages(arguments.platform)
    if arguments.packages:
        print(*dict.fromkeys(missing.values()))
        return 0
    if missing:
        print(missing_sentence(missing), file=sys.stderr)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
