"""Whether a karyotype written by hand says something else than what was counted.

How it is written is her affair, and may be ahead of what the check knows: a text that is no ISCN locks nothing as long
as it begins with the right number of chromosomes.
"""

from collections.abc import Collection

from engine.karyotype.check import Check, check_case, check_cell
from engine.karyotype.clones import CaseKaryotype
from engine.karyotype.reading import read_karyotype
from karyogui.model.store.values import CellRecord


def cell_contradiction(record: CellRecord) -> str | None:
    """Return in one sentence what the karyotype of a cell has against its karyogram; None: nothing."""
    return _contradiction(check_cell(record.karyotype, record.counts), {record.counts.total})


def case_contradiction(text: str, proposal: CaseKaryotype | None, totals: Collection[int]) -> str | None:
    """Return in one sentence what the karyotype of a case has against its cells; None: nothing.

    Parameters
    ----------
    totals
        The numbers of chromosomes its cells have.
    """
    return _contradiction(check_case(text, proposal), totals)


def _contradiction(check: Check, totals: Collection[int]) -> str | None:
    against = [problem.sentence for problem in check.problems if problem.about == "counts"]
    if against or not check.problems:
        return against[0] if against else None
    clones = read_karyotype(check.text).clones
    fits = clones and all(any((clone.least or 0) <= total <= (clone.most or 0) for total in totals) for clone in clones)
    return None if fits else check.problems[0].sentence
