"""Which steps a cell takes."""

from karyogui.model.store.states import next_states
from karyogui.model.store.values import State


def test_no_state_leads_to_itself_or_back_to_new() -> None:
    for state in State:
        assert state not in next_states(state)
        assert State.NEW not in next_states(state)
    assert [s for s in State if State.APPROVED in next_states(s)] == [State.REVIEWED]
