"""`karyo classify`: folders of chromosome images in, a table, JSON and pictures out."""

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from engine.errors import InputError
from engine.types import BundleRef, CellImages, CellResult, FileWarning, Stain

if TYPE_CHECKING:
    from engine.bundle import Bundle
    from engine.extensions import PictureKind, Renderer

_STAINS = ("auto", *get_args(Stain))
_REVIEW_BELOW = 0.9  # as in the window
_UNSAFE = str.maketrans(dict.fromkeys('/\\:*?"<>|', "_"))


def add_parser(subparsers: Any) -> None:
    """Add the subcommand to the parser of `karyo`."""
    parser = subparsers.add_parser(
        "classify",
        help="label the chromosomes of cells and turn them upright",
        description="Label the chromosomes of each cell, say how to turn them upright, and name the karyotype.",
        epilog="With several cells --png and --pdf name a folder, which gets one file for each cell.",
    )
    parser.add_argument(
        "paths", nargs="+", type=Path, metavar="PATH", help="a cell folder, or a folder of cell folders"
    )
    parser.add_argument("--bundle", metavar="NAME|DIR", help="the trained model; default: the one for the cell's stain")
    parser.add_argument("--stain", choices=_STAINS, default="auto", help="banding; default: from the images")
    parser.add_argument("--json", metavar="FILE", help="write all results; - for the standard output")
    parser.add_argument("--png", type=Path, metavar="FILE", help="write the karyogram as a picture")
    parser.add_argument("--pdf", type=Path, metavar="FILE", help="write the karyogram as a page")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> None:
    """Classify every cell below the paths.

    Raises
    ------
    EngineError
        If nothing can be read, the bundle is unusable, or a file cannot be written.
    """
    from engine.imaging.read import find_cells, read_cell
    from engine.pipeline import classify_cell
    from engine.results import report_to_json, write_text_whole

    sources = find_cells(args.paths)
    pictures = _Pictures.planned(args, [source.name for source in sources])
    bundles = _Bundles(args.bundle)
    outcome = _Outcome(quiet=args.json == "-")
    with _Bar(len(sources)) as bar:
        for number, source in enumerate(sources):
            bar.start_cell(number, source.name)
            try:
                images = read_cell(source, args.stain, bar.part(0.0, 0.4))
                result = classify_cell(images, bundles.suiting(images.stain), bar.part(0.4, 1.0))
            except InputError as error:  # the other cells go on
                outcome.add_unread(source.name, str(error), bar)
                continue
            pictures.write(number, images, result)
            outcome.add(result, bar)
    if not outcome.used:
        raise InputError(_nothing(outcome))
    if args.json:
        text = report_to_json(outcome.used[0], outcome.cells)
        if args.json == "-":
            sys.stdout.write(text)
        else:
            write_text_whole(Path(args.json), text)


@dataclass
class _Outcome:
    """What has been found so far, told line by line."""

    quiet: bool
    cells: list[dict[str, Any]] = field(default_factory=list)
    used: list[BundleRef] = field(default_factory=list)  # of each classified cell

    def add(self, result: CellResult, bar: "_Bar") -> None:
        from engine.results import cell_to_json

        if not self.cells and not self.quiet:
            bar.write(_line("cell", "n", "karyotype", "review", "tray", "seconds"))
        entry = cell_to_json(result)
        if self.used and result.bundle != self.used[0]:  # both stains in one run: say it where it differs
            entry["bundle"] = {"name": result.bundle.name, "version": result.bundle.version}
        self.cells.append(entry)
        self.used.append(result.bundle)
        placed = [chromosome for chromosome in result.chromosomes if chromosome.label is not None]
        review, tray = sum(c.confidence < _REVIEW_BELOW for c in placed), len(result.chromosomes) - len(placed)
        if not self.quiet:
            count, seconds = len(result.chromosomes), f"{result.seconds:.2f}"
            bar.write(_line(result.cell, count, result.karyotype, review, tray, seconds))
        for warning in result.warnings:
            bar.warn(f"{result.cell}/{warning.file}: {warning.message}")

    def add_unread(self, cell: str, message: str, bar: "_Bar") -> None:
        from engine.results import unread_cell_to_json

        self.cells.append(unread_cell_to_json(cell, [FileWarning(cell, message)]))
        bar.warn(f"{cell}: {message}")


def _nothing(outcome: _Outcome) -> str:
    first: str = outcome.cells[0]["warnings"][0]["message"]
    if len(outcome.cells) == 1:
        return first
    return f"None of the {len(outcome.cells)} cells could be used; the first, {outcome.cells[0]['cell']}: {first}"


def _line(cell: object, count: object, karyotype: object, review: object, tray: object, seconds: object) -> str:
    return f"{cell!s:<24} {count!s:>4}  {karyotype!s:<28} {review!s:>6} {tray!s:>5} {seconds!s:>8}"


class _Bundles:
    """The chosen bundle, or the default one of each stain, opened when the first cell needs it."""

    def __init__(self, chosen: str | None) -> None:
        from engine.bundle import load_bundle

        self._chosen = load_bundle(chosen) if chosen else None  # at once: a mistake is told before the work
        self._by_stain: dict[Stain, Bundle] = {}

    def suiting(self, stain: Stain) -> "Bundle":
        from engine.bundle import default_bundle, load_bundle

        if self._chosen is not None:
            return self._chosen
        if stain not in self._by_stain:
            self._by_stain[stain] = load_bundle(default_bundle(stain))
        return self._by_stain[stain]


class _Pictures:
    """The pictures that were asked for: whether they can be written is known before the first cell is read."""

    def __init__(self, renderer: "Renderer | None", paths: list[tuple["PictureKind", list[Path]]]) -> None:
        self._renderer, self._paths = renderer, paths

    @classmethod
    def planned(cls, args: argparse.Namespace, cells: list[str]) -> "_Pictures":
        asked: list[tuple[PictureKind, Path | None]] = [("png", args.png), ("pdf", args.pdf)]
        wanted = [(kind, path) for kind, path in asked if path is not None]
        if not wanted:
            return cls(None, [])
        from engine.extensions import find_renderer

        return cls(find_renderer(), [(kind, _targets(path, kind, cells)) for kind, path in wanted])

    def write(self, number: int, images: CellImages, result: CellResult) -> None:
        """Draw the cell that is the `number`th of those given."""
        if self._renderer is not None:
            for kind, paths in self._paths:
                self._renderer(images, result, paths[number], kind)


def _targets(path: Path, kind: str, cells: list[str]) -> list[Path]:
    """Where the picture of each cell goes."""
    single = len(cells) == 1 and not path.is_dir()
    folder = path.parent if single else path
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        if single:
            raise InputError(f"{path} cannot be written: {folder} is no folder and cannot be made one.") from None
        raise InputError(f"With {len(cells)} cells --{kind} names a folder, and {path} is none.") from None
    if single:
        return [path]
    names: list[str] = []
    for cell in cells:
        plain = cell.translate(_UNSAFE)
        name, again = plain, 1
        while name in names:  # cells of two cases may share a name
            again += 1
            name = f"{plain}-{again}"
        names.append(name)
    return [path / f"{name}.{kind}" for name in names]


class _Bar:
    """Progress over all cells, on a terminal only. Its parts are the engine's `Reporter`s."""

    def __init__(self, cells: int) -> None:
        from tqdm import tqdm

        self._bar = tqdm(
            total=cells * 100, disable=None, leave=False, bar_format="{desc:<24} {percentage:3.0f}% |{bar}|"
        )
        self._cell = 0

    def __enter__(self) -> "_Bar":
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.close()

    def start_cell(self, number: int, name: str) -> None:
        self._cell = number
        self._bar.set_description_str(name)

    def part(self, start: float, end: float) -> "_Part":
        """Return a reporter for the stretch start..end, 0..1, of this cell."""

        def move(fraction: float) -> None:
            self._bar.n = round(100 * (self._cell + start + (end - start) * fraction))
            self._bar.refresh()

        return _Part(move)

    def write(self, line: str) -> None:
        self._bar.write(line, file=sys.stdout)

    def warn(self, line: str) -> None:
        self._bar.write(f"warning: {line}", file=sys.stderr)


class _Part:
    """A `Reporter` that moves a stretch of the bar. Ctrl+C is how a command is cancelled; nothing to check."""

    def __init__(self, move: Callable[[float], None]) -> None:
        self._move = move

    def report(self, done: int, total: int, message: str = "") -> None:
        self._move(done / total if total else 0.0)

    def check_cancelled(self) -> None:
        pass
