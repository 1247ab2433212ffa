"""What the user chooses when exporting: plain values, remembered between exports."""

from dataclasses import dataclass
from typing import Literal, get_args

from karyogui.model.ideogram import BAND_LEVELS, BandLevel

ExportFormat = Literal["png", "tiff", "pdf", "svg", "csv", "json"]
EXPORT_FORMATS: tuple[ExportFormat, ...] = get_args(ExportFormat)

PageName = Literal["A4", "Letter"]
PAGES: tuple[PageName, ...] = get_args(PageName)

Depth = Literal[8, 16]
DEPTHS: tuple[Depth, ...] = get_args(Depth)

LONGEST_CASE = 80
"""Letters of a case's name; more would not fit beside the rest of the header."""

DPI_RANGE = (72, 1200)
"""A karyogram of 1200 dpi has about 80 megapixels."""


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """How a karyogram is exported."""

    format: ExportFormat = "png"
    dpi: int = 300  # PNG and TIFF
    depth: Depth = 8  # bits of grey of PNG and TIFF; 16 for measuring in other programs
    page: PageName = "A4"  # PDF
    header: bool = True  # cell, karyotype, date above; program, model and purpose below
    inverted: bool = False  # bright on black
    case: str = ""  # for the header; empty: not stated
    band_level: BandLevel | None = None  # for the header; None: not stated

    def __post_init__(self) -> None:
        if self.format not in EXPORT_FORMATS:
            raise ValueError(f"unknown format: {self.format!r}")
        if self.page not in PAGES:
            raise ValueError(f"unknown page: {self.page!r}")
        if self.depth not in DEPTHS:
            raise ValueError(f"no depth of {self.depth} bits")
        if len(self.case) > LONGEST_CASE:
            raise ValueError(f"a case of {len(self.case)} letters; {LONGEST_CASE} at most")
        if self.band_level not in (None, *BAND_LEVELS):
            raise ValueError(f"no band level {self.band_level}")
        low, high = DPI_RANGE
        if not low <= self.dpi <= high:
            raise ValueError(f"dpi outside {low}..{high}: {self.dpi}")
