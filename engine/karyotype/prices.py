"""What each departure from a normal chromosome set costs, in natural-logarithm units, before any image is looked at.

A price is minus the logarithm of a prior, rounded. The order comes from textbook frequencies of karyotypes in samples
that are sent in: at birth trisomy 21 about 1 in 700, XXY and XYY about 1 in 1,000 boys, XXX 1 in 1,000 girls, trisomy
18 1 in 5,000, trisomy 13 1 in 10,000, 45,X 1 in 2,500 girls (and often a minor clone); trisomy 16 and 22 lead in
pregnancy loss; +8 leads in marrow, +9, +12 and +19 follow. All gains are kept within 3 units of each other, because a
laboratory's own mix of samples is not known here. A lost chromosome is mostly an accident of the slide and may be any:
about 20 of 612 normal cells lack one. None of these numbers was fitted to images.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.karyotype.counts import AUTOSOMES

_FREQUENT_GAINS = {"21": 5.0, "18": 6.0, "13": 6.0, "8": 6.0, "9": 7.0, "12": 7.0, "16": 7.0, "19": 7.0, "22": 7.0}

AUTOSOME_GAIN_PRICES: tuple[float, ...] = tuple(_FREQUENT_GAINS.get(label, 8.0) for label in AUTOSOMES)
"""Price of a third copy of 1..22."""

SEX_PRICES: tuple[tuple[str, float], ...] = (
    ("XX", 0.0),
    ("XY", 0.0),
    ("X", 5.0),
    ("XXY", 5.0),
    ("XXX", 5.5),
    ("XYY", 5.5),
    ("XXYY", 8.0),
    ("XXXY", 9.0),
    ("XXXX", 9.0),
    ("Y", 8.0),
    ("", 14.0),
)
"""Sex chromosome sets that are considered, with their prices."""

INCOMPLETE_BELOW = 35
"""With fewer objects (near-haploid by ISCN) a cell was cut short; missing chromosomes then cost nothing."""

POLYPLOID_FROM = 58
"""With as many objects, triploid and tetraploid sets are considered beside the diploid one."""


@dataclass(frozen=True, slots=True)
class AssignmentOptions:
    """Prices (natural logarithm, >= 0) and temperatures of `assign`; the defaults suit calibrated probabilities."""

    evidence_temperature: float = 1.0  # > 1 trusts the images less against the prices
    confidence_temperature: float = 1.0  # > 1 makes stated confidences lower; labels do not change
    part_confidence_temperature: float = 0.0  # of fewer than `INCOMPLETE_BELOW` objects; 0 = as of whole cells
    floor: float = -20.0  # no image speaks against a label more than this
    none_price: float = 12.0  # "none of them" for an object that the classifier knows well
    none_doubt: float = 4.0  # ... less this times -log(highest probability): debris looks like nothing in particular
    loss_price: float = 6.5  # each missing autosome
    gain_prices: tuple[float, ...] = AUTOSOME_GAIN_PRICES  # third copy of 1..22
    repeated_gain_price: float = 2.0  # each further copy of the same autosome costs this more than the one before
    max_extra_copies: int = 3  # per autosome; what is above finds no place
    sex_prices: tuple[tuple[str, float], ...] = SEX_PRICES
    compensation_price: float = 3.0  # on top, where one cell has both gains and losses: 46,X,+21 must win clearly
    polyploidy_price: float = 6.0  # triploid and tetraploid sets
    max_gap: float = 16.0  # readings further than this from the chosen one are not alternatives
    max_alternatives: int = 6

    def certainty_temperature(self, n: int) -> float:
        """Return the temperature of the stated confidences in a cell of n objects.

        In a whole cell a chromosome can only move if another moves, too; in a part of one it goes alone.
        """
        part = n < INCOMPLETE_BELOW and self.part_confidence_temperature > 0
        return self.part_confidence_temperature if part else self.confidence_temperature

    def __post_init__(self) -> None:
        if len(self.gain_prices) != len(AUTOSOMES):
            raise ValueError(f"{len(self.gain_prices)} gain prices for {len(AUTOSOMES)} autosomes")
        if self.evidence_temperature <= 0 or self.confidence_temperature <= 0:
            raise ValueError("a temperature must be above 0")
        if self.part_confidence_temperature < 0:
            raise ValueError("the temperature of parts of cells must be above 0, or 0 for that of whole cells")
        prices = (
            *self.gain_prices,
            *(price for _, price in self.sex_prices),
            *(self.none_doubt, self.loss_price, self.repeated_gain_price, self.compensation_price),
            *(self.polyploidy_price, self.max_gap, -self.floor),
        )
        if not all(0 <= price < 1000 for price in prices) or not 0 <= self.none_price < 1000:
            raise ValueError("a price must lie in 0..1000, and the floor in -1000..0")
        if self.max_extra_copies < 0 or self.max_alternatives < 0:
            raise ValueError("a number of copies or alternatives cannot be negative")
        if not {"XX", "XY"} <= {sexes for sexes, _ in self.sex_prices}:
            raise ValueError("the sex sets must hold XX and XY")


@dataclass(frozen=True, slots=True)
class Reference:
    """A set of chromosomes a reading starts from: so many places per autosome, and exactly these X and Y."""

    ploidy: int
    x: int
    y: int
    price: float
    change: int  # of the sex chromosomes: -1 something is missing, 0 balanced, +1 something is extra


def references(n: int, options: AssignmentOptions) -> tuple[Reference, ...]:
    """All sets considered for a cell of `n` objects, the usual first (so that it wins where all is equal)."""
    diploid = [
        Reference(2, sexes.count("X"), sexes.count("Y"), price, (len(sexes) > 2) - (len(sexes) < 2))
        for sexes, price in options.sex_prices
    ]
    if n < INCOMPLETE_BELOW:
        return tuple(Reference(2, r.x, r.y, 0.0, 0) if r.change <= 0 else r for r in diploid)
    if n < POLYPLOID_FROM:
        return tuple(diploid)
    return (*diploid, *_polyploid(3, options), *_polyploid(4, options))


def autosome_prices(ploidy: int, n: int, options: AssignmentOptions) -> NDArray[np.float64]:
    """Price of k copies of each autosome, (22, ploidy + max_extra_copies + 1): 0 at k = ploidy, convex along k."""
    copies = np.arange(ploidy + options.max_extra_copies + 1)
    loss = 0.0 if n < INCOMPLETE_BELOW else options.loss_price
    extra = np.maximum(copies - ploidy, 0)
    gains = np.multiply.outer(np.asarray(options.gain_prices), extra)
    repeated = options.repeated_gain_price * extra * (extra - 1) / 2
    prices: NDArray[np.float64] = gains + repeated + loss * np.maximum(ploidy - copies, 0)
    return prices


def compensation_price(n: int, options: AssignmentOptions) -> float:
    """Price of a gain beside a loss; free in a cell cut short, where every gain stands beside losses."""
    return 0.0 if n < INCOMPLETE_BELOW else options.compensation_price


def _polyploid(ploidy: int, options: AssignmentOptions) -> list[Reference]:
    """Balanced sets (XXX, XXY, XYY; XXXX, XXYY), then those with one sex chromosome less or more."""
    found = []
    for total, change, price in (
        (ploidy, 0, 0.0),
        (ploidy - 1, -1, options.loss_price),
        (ploidy + 1, 1, min(options.gain_prices)),
    ):
        for y in range(total):
            # A tetraploid cell is a doubled diploid one: an odd number of Y means one more was lost and one gained.
            odd = options.loss_price if ploidy == 4 and change == 0 and y not in (0, 2) else 0.0
            found.append(Reference(ploidy, total - y, y, options.polyploidy_price + price + odd, change))
    return found
