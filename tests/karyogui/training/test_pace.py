"""Time left: from what was done since it began here."""

import pytest

from karyogui.training.pace import Pace, about


def test_left_is_what_the_rest_takes_at_the_pace_so_far() -> None:
    pace = Pace()
    assert pace.left() is None
    pace.tell(0.0, 0.0)
    assert pace.left() is None  # nothing is done yet
    pace.tell(30.0, 0.25)
    assert pace.left() == pytest.approx(90.0)
    pace.tell(120.0, 1.0)
    assert pace.left() == 0.0


def test_a_run_that_was_taken_up_counts_from_there() -> None:
    pace = Pace()
    pace.tell(2.0, 0.5)
    pace.tell(12.0, 0.6)
    assert pace.left() == pytest.approx(40.0)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (1, "about 5 seconds"),
        (33, "about 35 seconds"),
        (60, "about 1 minute"),
        (900, "about 15 minutes"),
        (7200, "about 2.0 hours"),
        (400_000, "about 5 days"),
    ],
)
def test_times_are_said_as_people_say_them(seconds: float, words: str) -> None:
    assert about(seconds) == words
