"""The names of the bands: whether a breakpoint is one that the ideogram has."""

from functools import cache

from engine.types import CLASS_LABELS
from resources import read_bytes


def band_problem(chromosome: str, band: str) -> str | None:
    """Return one sentence if a chromosome has no such band; None for a band, a part or a whole of one.

    Parameters
    ----------
    chromosome
        `1`..`22`, `X`, `Y`.
    band
        Arm and number: `q13`, `p11.2`; `p10` and `q10` are the halves of the centromere.
    """
    names = _names()[chromosome]
    if band[1:] == "10" or any(name.startswith(band) for name in names):
        return None
    arm = [name for name in names if name[0] == band[0]]
    outermost = arm[0] if band[0] == "p" else arm[-1]
    whole = band.partition(".")[0]
    if whole != band and any(name.startswith(whole) for name in names):
        parts = ", ".join(name for name in arm if name.partition(".")[0] == whole)
        has = f"has {parts}" if parts != whole else "is not divided"
        return f"Chromosome {chromosome} has no band {band}; {whole} {has}."
    side = "short" if band[0] == "p" else "long"
    return f"Chromosome {chromosome} has no band {band}; its {side} arm ends with {outermost}."


@cache
def _names() -> dict[str, tuple[str, ...]]:
    """Band names by chromosome, from the p end to the q end."""
    found: dict[str, list[str]] = {label: [] for label in CLASS_LABELS}
    for line in read_bytes("cytoband_hg38.tsv").decode("ascii").splitlines()[1:]:
        label, _, _, name, _ = line.split("\t")
        found[label].append(name)
    return {label: tuple(names) for label, names in found.items()}
