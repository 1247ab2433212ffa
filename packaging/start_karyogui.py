"""Entry point of the frozen window program: a script, because PyInstaller starts from scripts."""

import sys

from karyogui.app import main

if __name__ == "__main__":
    sys.exit(main())
