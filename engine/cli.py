"""`karyo`: the engine on the command line. A subcommand is a module with `add_parser`; add its name to `_COMMANDS`."""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import version

from engine.errors import EngineError

_COMMANDS = (
    "engine.commands.classify",
    "engine.commands.bundles",
    "engine.simulate.command",
    "engine.commands.evaluate",
    "engine.commands.train",
    "engine.commands.study",
    "engine.commands.bench",
)
"""Modules that add a subcommand: `add_parser(subparsers)` sets `run`, a function of the parsed arguments.

They are all imported for `--help`, so what they need to run they import in `run`.
"""


def build_parser() -> argparse.ArgumentParser:
    """Return the parser with all subcommands."""
    parser = argparse.ArgumentParser(prog="karyo", description="Karyotyping: the engine without a window.")
    parser.add_argument("--version", action="version", version=f"karyo {version('karyogui')}")
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for module in _COMMANDS:
        import_module(module).add_parser(subparsers)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0; 2 with one sentence on stderr; 130 when stopped by Ctrl+C."""
    args = build_parser().parse_args(argv)
    try:
        args.run(args)
    except EngineError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 130
    except BrokenPipeError:  # the reader, `head` for example, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python complains once more at its end
    return 0


if __name__ == "__main__":
    sys.exit(main())
