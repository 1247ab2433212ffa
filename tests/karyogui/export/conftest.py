"""Where the ink of a rendered sheet is, in points of the sheet."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from karyogui.export.sheet import Sheet
from karyogui.model.layout import Rect

CheckInk = Callable[[NDArray[np.uint8], float, Sheet], None]


@pytest.fixture(scope="session")
def check_ink() -> CheckInk:
    """Return a function that checks that each chromosome's ink is where the layout says."""

    def check(grey: NDArray[np.uint8], pixels_per_point: float, sheet: Sheet) -> None:
        for placed in sheet.layout.chromosomes.values():
            expected = _on_sheet(placed.rect, sheet)
            around = 4 * sheet.scale  # less than the gap to the neighbours
            top, bottom, left, right = (
                round(pixels_per_point * value)
                for value in (
                    expected.y - around,
                    expected.bottom + around,
                    expected.x - around,
                    expected.right + around,
                )
            )
            ys, xs = np.nonzero(grey[top:bottom, left:right] < 128)
            middle = ((left + xs.mean() + 0.5) / pixels_per_point, (top + ys.mean() + 0.5) / pixels_per_point)
            assert middle == pytest.approx((expected.centre_x, expected.centre_y), abs=0.5)
            size = (np.ptp(xs) + 1) / pixels_per_point, (np.ptp(ys) + 1) / pixels_per_point
            soft_edge = 2.5 * placed.scale * sheet.scale
            assert size == pytest.approx((expected.width, expected.height), abs=soft_edge)

    return check


def _on_sheet(rect: Rect, sheet: Sheet) -> Rect:
    return Rect(
        sheet.karyogram.x + sheet.scale * rect.x,
        sheet.karyogram.y + sheet.scale * rect.y,
        sheet.scale * rect.width,
        sheet.scale * rect.height,
    )
