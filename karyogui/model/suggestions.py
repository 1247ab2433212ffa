"""Which other labels to offer for a chromosome."""

from engine.types import CLASS_INDEX, CLASS_LABELS, ChromosomeResult, LabelAlternative

_MOST = 4


def suggestions(prediction: ChromosomeResult, label: str | None) -> tuple[LabelAlternative, ...]:
    """Return the labels to offer for a chromosome placed as `label`, likeliest first.

    The model's own label is among them where a person chose another; an object the model placed nowhere gets the
    likeliest labels of its image.
    """
    offered = list(prediction.alternatives)
    if prediction.label is not None:
        offered.insert(0, LabelAlternative(prediction.label, prediction.confidence))
    elif not offered:
        offered = [LabelAlternative(name, prediction.probabilities[CLASS_INDEX[name]]) for name in CLASS_LABELS]
        offered = sorted(offered, key=lambda other: -other.probability)[:_MOST]
    return tuple(other for other in offered if other.label != label)[:_MOST]
