"""What a worker and a work pool do, in one process: asks for the runs of the deployments that are due, and runs them.

`newsfold serve` starts it as `python -m flows.serve FILE`, in the folder that runs start in.
"""

import asyncio
import signal
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import yaml
from prefect import Flow
from prefect.client.schemas.objects import ConcurrencyLimitConfig
from prefect.deployments.runner import RunnerDeployment
from prefect.flows import load_flow_from_entrypoint
from prefect.runner import Runner
from prefect.schedules import Schedule
from prefect.types.entrypoint import EntrypointType


def served(path: Path) -> list[RunnerDeployment]:
    """Return the deployments of a file as `prefect deploy` reads it, for a runner in place of a work pool."""
    return [_deployment(one) for one in yaml.safe_load(path.read_text("utf-8"))["deployments"]]


def _deployment(given: dict[str, Any]) -> RunnerDeployment:
    flow: Flow[..., Any] = load_flow_from_entrypoint(given["entrypoint"], use_placeholder_flow=False)
    return RunnerDeployment.from_flow(
        flow,
        given["name"],
        schedules=[_schedule(one) for one in given.get("schedules", [])],
        concurrency_limit=ConcurrencyLimitConfig(**given["concurrency_limit"]),
        parameters=given.get("parameters", {}),
        description=given["description"],
        tags=given["tags"],
        entrypoint_type=EntrypointType.MODULE_PATH,
    )


def _schedule(given: dict[str, Any]) -> Schedule:
    interval = timedelta(seconds=given["interval"]) if "interval" in given else None
    return Schedule(**{**given, "interval": interval})


async def serve(deployments: list[RunnerDeployment]) -> None:
    """Run what is due until SIGTERM comes, which cancels what is under way.

    Schedules are not paused in the end: what falls due while nobody serves is run at the next start.
    """
    runner = Runner(pause_on_shutdown=False)
    for deployment in deployments:
        await runner.aadd_deployment(deployment)
    serving = asyncio.create_task(runner.start())
    while not runner.started and not serving.done():
        await asyncio.sleep(0.1)
    # In place of the runner's own handler, which calls what should be awaited, and so leaves runs as they are.
    stopping: list[asyncio.Task[None]] = []
    asyncio.get_running_loop().add_signal_handler(
        signal.SIGTERM, lambda: stopping.append(asyncio.create_task(runner.astop()))
    )
    await serving


if __name__ == "__main__":
    asyncio.run(serve(served(Path(sys.argv[1]))))
