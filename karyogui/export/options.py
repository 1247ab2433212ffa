"""What the user chooses when exporting: plain values, remembered between exports."""

from dataclasses import dataclass
from typing import Literal, get_args

ExportFormat = Literal["png", "tiff", "pdf", "svg", "csv", "json"]
EXPORT_FORMATS: tuple[ExportFormat, ...] = get_args(ExportFormat)

PageName = Literal["A4", "Letter"]
PAGES: tuple[PageName, ...] = get_args(PageName)

DPI_RANGE = (72, 1200)
"""A karyogram of 1200 dpi has about 80 megapixels."""


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """How a karyogram is exported."""

    format: ExportFormat = "png"
    dpi: int = 300  # PNG and TIFF
    page: PageName = "A4"  # PDF
    header: bool = True  # cell, karyotype, date above; program, model and purpose below
    inverted: bool = False  # bright on black

    def __post_init__(self) -> None:
        if self.format not in EXPORT_FORMATS:
            raise ValueError(f"unknown format: {self.format!r}")
        if self.page not in PAGES:
            raise ValueError(f"unknown page: {self.page!r}")
        low, high = DPI_RANGE
        if not low <= self.dpi <= high:
            raise ValueError(f"dpi outside {low}..{high}: {self.dpi}")
