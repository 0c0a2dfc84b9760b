"""States that the server is told from outside the run: by whoever finds it dead, or in the last moment of its process.

Nothing is said where the server cannot be asked: it is for people who look there.
"""

from contextlib import suppress

from prefect import get_run_logger
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import DeploymentFilter, FlowRunFilter
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.runtime import deployment, flow_run
from prefect.states import Cancelled, Crashed

_UNDER_WAY = [StateType.RUNNING, StateType.CANCELLING]


def mark_dead_runs() -> None:
    """Mark the other runs of this run's deployment as crashed, where that has one place: this run has it now.

    A run keeps its place by saying every few minutes that it is alive (Prefect's lease): only when it was silent for
    five does the next get it.
    """
    if not deployment.id:
        return
    with suppress(Exception), get_client(sync_client=True) as client:
        for dead in _others(client, str(deployment.id)):
            message = f"its process is gone; {flow_run.name} takes up what it left"
            client.set_flow_run_state(dead.id, Crashed(message=message), force=True)
            get_run_logger().warning(
                "%s was still called running, and its process is gone: marked as crashed", dead.name
            )


def mark_cancelled(run_id: str, deployed: bool) -> int | None:
    """Mark a run as cancelled, one of a deployment where somebody asked for that; return its exit code then.

    What else stops a run of a deployment is told by the worker, which looks at the exit code.
    """
    with suppress(Exception), get_client(sync_client=True) as client:
        state = client.read_flow_run(run_id).state  # type: ignore[arg-type]  # an id as text is one too
        if not deployed or (state and state.is_cancelling()):
            client.set_flow_run_state(run_id, Cancelled(message="stopped in the midst of its work"), force=True)
            return 0 if deployed else None
    return None


def _others(client: SyncPrefectClient, deployment_id: str) -> list[FlowRun]:
    limit = client.read_deployment(deployment_id).global_concurrency_limit
    if not limit or limit.limit != 1:
        return []
    found = client.read_flow_runs(
        deployment_filter=DeploymentFilter.model_validate({"id": {"any_": [deployment_id]}}),
        flow_run_filter=FlowRunFilter.model_validate({"state": {"type": {"any_": _UNDER_WAY}}}),
    )
    return [run for run in found if str(run.id) != flow_run.id]
