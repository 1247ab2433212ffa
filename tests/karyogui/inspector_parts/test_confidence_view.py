"""Confidence in shape, word and number."""

import pytest
from pytestqt.qtbot import QtBot

from karyogui.inspector_parts.confidence_view import Certainty, ConfidenceView, percent


@pytest.mark.parametrize(
    ("certainty", "said"),
    [
        (Certainty.SURE, "Sure 87 %"),
        (Certainty.LOOK_AGAIN, "Look again 87 %"),
        (Certainty.ACCEPTED, "Accepted 87 %"),
        (Certainty.BY_HAND, "Set by hand"),
        (Certainty.UNKNOWN, "Not classified"),
    ],
)
def test_it_says_what_it_shows(qtbot: QtBot, certainty: Certainty, said: str) -> None:
    view = ConfidenceView()
    qtbot.addWidget(view)
    view.show_confidence(certainty, 0.87)
    assert view.accessibleName() == said


def test_the_shape_differs_not_only_the_colour(qtbot: QtBot) -> None:
    view = ConfidenceView()
    qtbot.addWidget(view)
    view.resize(200, view.sizeHint().height())
    shapes = set()
    for certainty in (Certainty.SURE, Certainty.LOOK_AGAIN, Certainty.BY_HAND):
        view.show_confidence(certainty, 0.5)
        picture = view.grab().toImage().copy(0, 0, 14, 18)
        ground = picture.pixelColor(0, 0)
        shapes.add(tuple(picture.pixelColor(x, y) == ground for x in range(14) for y in range(18)))
    assert len(shapes) == 3


@pytest.mark.parametrize(
    ("share", "text"), [(0.0, "< 1 %"), (0.004, "< 1 %"), (0.5, "50 %"), (0.985, "98 %"), (1.0, "> 99 %")]
)
def test_no_number_claims_certainty(share: float, text: str) -> None:
    assert percent(share) == text
