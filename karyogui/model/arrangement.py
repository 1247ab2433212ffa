"""Which classes stand in which row: the usual arrangements of a karyogram, as data."""

from typing import Literal

from engine.types import MARKER

Row = tuple[tuple[str, ...], ...]
"""One row of the karyogram: groups, from left to right, of class labels."""

Arrangement = Literal["sex_last", "sex_in_groups"]

ARRANGEMENTS: dict[Arrangement, tuple[Row, ...]] = {
    "sex_last": (
        (("1", "2", "3"), ("4", "5")),
        (("6", "7", "8", "9", "10", "11", "12"),),
        (("13", "14", "15"), ("16", "17", "18")),
        (("19", "20"), ("21", "22"), ("X", "Y"), (MARKER,)),
    ),
    "sex_in_groups": (
        (("1", "2", "3"), ("4", "5")),
        (("6", "7", "8", "9", "10", "11", "12", "X"),),
        (("13", "14", "15"), ("16", "17", "18")),
        (("19", "20"), ("21", "22", "Y"), (MARKER,)),
    ),
}
"""The two usual ones: the sex chromosomes after 22, or X with group C and Y with group G, whose shape they have."""

ROWS = ARRANGEMENTS["sex_last"]

GROUP_LETTERS = {"1": "A", "4": "B", "6": "C", "13": "D", "16": "E", "19": "F", "21": "G"}
"""By the first class of the group."""
