"""The files in which an unfinished training keeps its state. Without torch, so that looking costs nothing."""

from pathlib import Path

STATE_FILE, RUN_FILE = "state.pt", "run.json"
SR_STATE_FILE, SR_ORIGIN_FILE = "sr.pt", "sr.json"


def has_state(folder: Path) -> bool:
    """Whether an unfinished run lies there."""
    return (folder / STATE_FILE).is_file()


def discard_state(folder: Path) -> None:
    """Forget an unfinished run."""
    for name in (STATE_FILE, RUN_FILE, SR_STATE_FILE, SR_ORIGIN_FILE):
        (folder / name).unlink(missing_ok=True)
