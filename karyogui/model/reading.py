"""Other readings of the whole cell: from labels of all chromosomes to the placements that change."""

from collections.abc import Iterable, Mapping

from karyogui.model.karyogram import Placement, move


def relabelled(placements: Iterable[Placement], labels: Mapping[int, str | None]) -> tuple[Placement, ...]:
    """Give each chromosome the label a reading has for it; those that have it already stay where they are.

    Parameters
    ----------
    placements
        All placements of the cell.
    labels
        Label by chromosome id; None = tray. Chromosomes that are missing keep their label.

    Returns
    -------
    tuple of Placement
        Every placement that changed. Moved chromosomes go to the end of their class and are `accepted`.
    """
    before = {p.chromosome_id: p for p in placements}
    after = dict(before)
    wrong = {i: label for i, label in labels.items() if before[i].label != label}
    for label in dict.fromkeys(wrong.values()):
        ids = {i for i, wanted in wrong.items() if wanted == label}
        after.update((p.chromosome_id, p) for p in move(after.values(), ids, label))
    return tuple(p for i, p in after.items() if p != before[i])


def fits(placements: Iterable[Placement], labels: Mapping[int, str | None]) -> bool:
    """Say whether the karyogram shows this reading."""
    return all(labels.get(p.chromosome_id, p.label) == p.label for p in placements)
