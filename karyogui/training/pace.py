"""How long a training will still take: from what it has done since it began here, pauses left out."""


class Pace:
    """Told how far a run is, as a share of the whole, and how many seconds it has run."""

    def __init__(self) -> None:
        self._first: tuple[float, float] | None = None  # seconds, share
        self._last = (0.0, 0.0)

    def tell(self, seconds: float, share: float) -> None:
        """Take note. The first one told may be far on: a run that was taken up."""
        if self._first is None:
            self._first = (seconds, share)
        self._last = (seconds, share)

    def left(self) -> float | None:
        """Return the seconds that are left; None: it is too early to say."""
        if self._first is None:
            return None
        seconds, share = self._last[0] - self._first[0], self._last[1] - self._first[1]
        if share <= 0 or seconds < 1.0:
            return None
        return seconds / share * max(1.0 - self._last[1], 0.0)


def about(seconds: float) -> str:
    """Say a time as people do."""
    if seconds < 50:
        return f"about {max(5, 5 * round(seconds / 5))} seconds"
    if seconds < 5400:
        minutes = max(1, round(seconds / 60))
        return f"about {minutes} minute{'s' if minutes > 1 else ''}"
    if seconds < 36 * 3600:
        return f"about {seconds / 3600:.1f} hours"
    return f"about {max(2, round(seconds / 86400))} days"
