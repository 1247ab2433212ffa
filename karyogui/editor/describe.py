"""What the program says of one chromosome in words: tooltip, and description for screen readers."""

from PySide6.QtCore import QCoreApplication

from engine.types import MARKER
from karyogui.document import KaryogramDocument


def describe(document: KaryogramDocument, chromosome_id: int) -> str:
    """Return one line: `Chromosome 21, 2 of 3, confidence 98 %`."""
    placement = document.placement(chromosome_id)
    if placement.label is None:
        return _tr("Not placed")
    copies = document.counts().count(placement.label)
    name = _tr("Marker") if placement.label == MARKER else _tr("Chromosome %s") % placement.label
    parts = [name, _tr("%d of %d") % (placement.order + 1, copies)]
    parts += [text for text in (_certainty(document, chromosome_id),) if text]
    return ", ".join(parts)


def tooltip(document: KaryogramDocument, chromosome_id: int, *, superresolved: bool = False) -> str:
    """Return the lines of the tooltip: what `describe` says, the engine's view, how it is shown, the source file."""
    cell = document.cell()
    if cell is None:
        return ""
    chromosome = cell.chromosome(chromosome_id)
    lines = [describe(document, chromosome_id)]
    prediction, label = chromosome.prediction, document.placement(chromosome_id).label
    if prediction is not None:
        if prediction.label != label:
            lines.append(_tr("Proposed: %s") % (prediction.label or _tr("unplaced")))
        if prediction.alternatives:
            others = ", ".join(
                f"{other.label} ({_percent(other.probability)})" for other in prediction.alternatives[:2]
            )
            lines.append(_tr("Else: %s") % others)
    if superresolved:
        lines.append(_tr("Super-resolved (SR): bands may be invented; the inspector shows the original too"))
    lines.append(chromosome.source)
    return "\n".join(lines)


def _certainty(document: KaryogramDocument, chromosome_id: int) -> str:
    placement, cell = document.placement(chromosome_id), document.cell()
    prediction = cell.chromosome(chromosome_id).prediction if cell else None
    if placement.accepted:
        return _tr("set by hand") if prediction is None or prediction.label != placement.label else _tr("accepted")
    if prediction is None or prediction.label != placement.label:
        return ""
    text = _tr("confidence %s") % _percent(prediction.confidence)
    return f"{text}, {_tr('please review')}" if document.needs_review(chromosome_id) else text


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _tr(text: str) -> str:
    return QCoreApplication.translate("ChromosomeDescription", text)
