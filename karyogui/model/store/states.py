"""From new to reviewed to approved and back: which steps a cell takes, and what they ask for."""

from collections.abc import Mapping

from karyogui.model.store.errors import StoreError
from karyogui.model.store.schema import CellRow
from karyogui.model.store.values import State, must_be_another

_NEXT: Mapping[State, frozenset[State]] = {
    State.NEW: frozenset({State.IN_REVIEW}),
    State.CLASSIFIED: frozenset({State.IN_REVIEW, State.REVIEWED}),
    State.IN_REVIEW: frozenset({State.REVIEWED}),
    State.REVIEWED: frozenset({State.IN_REVIEW, State.APPROVED}),
    State.APPROVED: frozenset({State.IN_REVIEW}),
}
"""What she may choose. `Cells.save_result` makes a cell classified, a gesture puts it into review."""


def next_states(state: State) -> frozenset[State]:
    """Return the states a person may choose next."""
    return _NEXT[state]


def take_step(row: CellRow, state: State, user: str, *, reason: str = "", second_person: bool = False) -> str:
    """Bring a cell a step further or back.

    Parameters
    ----------
    reason
        Needed to reopen an approved cell.
    second_person
        The laboratory's setting: who reviewed a cell may not approve it.

    Returns
    -------
    What was done, for the trail.

    Raises
    ------
    StoreError
        The step is not allowed; the message says why.
    """
    before = State(row.state)
    if state not in _NEXT[before]:
        raise StoreError(f"Cell {row.name} is {before.value}; it cannot become {state.value} from there.")
    if before is State.APPROVED and not reason.strip():
        raise StoreError(f"Cell {row.name} is approved; reopening it needs a reason.")
    if state is State.APPROVED and must_be_another(row.reviewed_by, user, second_person=second_person):
        raise StoreError(f"{user.strip()} reviewed cell {row.name}; another person must approve it.")
    row.state = state.value
    if state is State.APPROVED:
        row.approved_by = user.strip()
    elif state is State.REVIEWED:
        row.reviewed_by = user.strip()
    else:
        row.reviewed_by = row.approved_by = None
    return "reopened" if before is State.APPROVED else state.value


def put_into_review(row: CellRow) -> None:
    """Take back that a cell was reviewed: something in it was changed."""
    row.state, row.reviewed_by = State.IN_REVIEW.value, None
