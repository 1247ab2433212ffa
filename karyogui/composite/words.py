"""What is said of a copy: for tooltips, for the line over the paper and for screen readers."""

from PySide6.QtCore import QCoreApplication

from karyogui.composite.members import Member
from karyogui.editor.describe import describe, tooltip
from karyogui.model.outliers import CopyRef, Outlier


def copy_line(member: Member, ref: CopyRef, mark: Outlier | None = None) -> str:
    """Return one line: `cell 7: Chromosome 9, 2 of 2, confidence 98 %, unlike its peers: more like 10`."""
    parts = [f"{member.name}: {describe(member.document, ref.chromosome)}"]
    if mark is not None:
        parts.append(_tr("unlike its peers, more like %s") % mark.like)
    return ", ".join(parts)


def copy_tooltip(member: Member, ref: CopyRef, mark: Outlier | None = None) -> str:
    """Return the lines of the tooltip: the cell, what the karyogram says, why it is marked, what the mouse does."""
    lines = [member.name, tooltip(member.document, ref.chromosome)]
    if mark is not None:
        lines.append(why(mark))
    if member.read_only:
        lines.append(_tr("Approved: reopen the cell to change it"))
    return "\n".join(lines)


def why(mark: Outlier) -> str:
    """Return why a copy is marked."""
    if mark.times is None:
        return _tr("◆ Only %d other copies of %s to compare with; the classifier alone sees %s here") % (
            mark.peers,
            mark.label,
            mark.like,
        )
    return _tr("◆ Unlike the other %d copies of %s: %.1f times as far from them as is usual here, and nearer to %s") % (
        mark.peers,
        mark.label,
        mark.times,
        mark.like,
    )


def _tr(text: str) -> str:
    return QCoreApplication.translate("CompositeWords", text)
