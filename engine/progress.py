"""Progress and cancel: all the engine knows of a user interface."""

from typing import Protocol


class Reporter(Protocol):
    """Receives progress and says when to stop. `karyogui.jobs.Job` and the command line implement it."""

    def report(self, done: int, total: int, message: str = "") -> None:
        """Say that `done` of `total` steps are finished."""

    def check_cancelled(self) -> None:
        """Raise `Cancelled` if the caller asked to stop."""


class SilentReporter:
    """Reports to nobody and never cancels."""

    def report(self, done: int, total: int, message: str = "") -> None:
        """Discard the report."""

    def check_cancelled(self) -> None:
        """Never raise."""
