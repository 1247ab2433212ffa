"""The reasons that keep a report locked, as sentences."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from karyogui.model.report.lock import Obstacle, Reason


def sentence(reason: Reason) -> str:
    """Say what is to be done, and where."""
    match reason.obstacle:
        case Obstacle.NO_CELLS:
            return _tr("No cell of the case has a chromosome in its place yet.")
        case Obstacle.UNREVIEWED if len(reason.chromosomes) == 1:
            return _tr("%s: 1 chromosome is not reviewed.") % reason.cell
        case Obstacle.UNREVIEWED:
            return _tr("%s: %d chromosomes are not reviewed.") % (reason.cell, len(reason.chromosomes))
        case Obstacle.NOT_REVIEWED:
            return _tr("%s: not marked as reviewed.") % reason.cell
        case Obstacle.CELL_TEXT:
            return f"{reason.cell}: {reason.detail}"
        case Obstacle.CASE_TEXT:
            return _tr("Karyotype of the case: %s") % reason.detail
        case Obstacle.NOT_APPROVED:
            return _tr("%s: not approved.") % reason.cell


def summary(reasons: Sequence[Reason]) -> str:
    """Say how it stands."""
    if not reasons:
        return _tr("Nothing is left to do: the report can be written.")
    if len(reasons) == 1:
        return _tr("Locked, 1 thing is left to do. A click goes there:")
    return _tr("Locked, %d things are left to do. A click goes there:") % len(reasons)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Report", text)
