"""Progress on a terminal: a bar with the time left, and nothing where nobody watches."""

import sys
from typing import Any


class ProgressBar:
    """A `Reporter` that draws one bar for each kind of work. Ctrl+C stops it like every command."""

    def __init__(self) -> None:
        self._bar: Any = None
        self._title = ""

    def report(self, done: int, total: int, message: str = "") -> None:
        """Show how far the work named `message` is; another total is another work."""
        from tqdm import tqdm

        if not sys.stderr.isatty():
            return
        if self._bar is None or self._bar.total != total or done < self._bar.n:
            self.close()
            self._bar = tqdm(total=total, leave=False, file=sys.stderr)
        if message != self._title:
            self._title = message
            self._bar.set_description_str(message, refresh=False)
        self._bar.update(done - self._bar.n)

    def check_cancelled(self) -> None:
        """Never raise: on a terminal Ctrl+C is the request to stop."""

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None

    def say(self, line: str) -> None:
        """Print a line above the bar."""
        self.close()
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
