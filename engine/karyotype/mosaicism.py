"""How large a mosaic may be and still go unseen in the cells that were looked at."""

import math


def excluded_mosaicism(cells: int, confidence: float = 0.95) -> float:
    """Smallest share of abnormal cells that `cells` cells without any abnormal one exclude.

    With a share p of abnormal cells, n cells drawn at random are all normal with probability (1 - p)^n; p is excluded
    where that is at most 1 - confidence (Hook, Am J Hum Genet 29:94, 1977). 20 cells exclude 13.9 % at 95 %.

    Parameters
    ----------
    cells
        Normal cells seen, >= 0.
    confidence
        0..1, both excluded.

    Returns
    -------
    float
        0..1; 1 for no cells at all: nothing is excluded.

    Raises
    ------
    ValueError
        For a negative number of cells or a confidence outside 0..1.
    """
    _check(confidence)
    if cells < 0:
        raise ValueError("the number of cells cannot be negative")
    if cells == 0:
        return 1.0
    return -math.expm1(math.log1p(-confidence) / cells)


def cells_needed(share: float, confidence: float = 0.95) -> int:
    """Least number of normal cells that exclude a mosaic of `share` (0..1, both excluded): 14 % takes 20 at 95 %.

    Raises
    ------
    ValueError
        For a share or confidence outside 0..1.
    """
    _check(confidence)
    if not 0 < share < 1:
        raise ValueError("the share must lie between 0 and 1")
    exact = math.log1p(-confidence) / math.log1p(-share)
    # A share that came from `excluded_mosaicism` must give its number of cells back in spite of rounding.
    return math.ceil(exact * (1 - 1e-9))


def _check(confidence: float) -> None:
    if not 0 < confidence < 1:
        raise ValueError("the confidence must lie between 0 and 1")
