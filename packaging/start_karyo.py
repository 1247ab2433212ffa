"""Entry point of the frozen command line: a script, because PyInstaller starts from scripts."""

import sys

from engine.cli import main

if __name__ == "__main__":
    sys.exit(main())
