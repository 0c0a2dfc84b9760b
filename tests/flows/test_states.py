"""What the server is told of a run whose process ends in the midst of its work."""

import pytest
from prefect import flow
from prefect.client.orchestration import get_client
from prefect.states import Cancelling, Running

from flows.states import mark_cancelled


@flow
def working() -> None:
    """Stands for any."""


@pytest.mark.parametrize(
    ("state", "deployed", "becomes", "exit_code"),
    [
        (Cancelling(), True, "CANCELLED", 0),
        (Running(), True, "RUNNING", None),  # its machine is shut down: the worker tells
        (Running(), False, "CANCELLED", None),  # a command that was stopped
    ],
)
def test_a_run_that_is_stopped_is_marked_where_nobody_else_would(prefect_server, state, deployed, becomes, exit_code):
    with get_client(sync_client=True) as client:
        run_id = client.create_flow_run(working, state=Running()).id
        client.set_flow_run_state(run_id, state, force=True)
        assert mark_cancelled(str(run_id), deployed) == exit_code
        assert client.read_flow_run(run_id).state.type == becomes


def test_a_server_that_cannot_be_asked_is_no_error(prefect_server):
    assert mark_cancelled("01234567-89ab-cdef-0123-456789abcdef", deployed=False) is None
