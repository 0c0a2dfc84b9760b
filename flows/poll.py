"""The flow `poll`: the sources that are due, asked for what is new, which is loaded as by any run."""

# No `from __future__ import annotations` where Prefect reads signatures: it would see text instead of types.

from typing import Annotated

from prefect import State, flow
from pydantic import Field

from etl.accounts import RunReport
from etl.polling import poll as conductor
from flows.ending import NO_PASSWORD, conditions, ending
from flows.runners import RunnerName, on_runner


@flow(name="poll", persist_result=False)
def poll(
    sources: list[str] | None = None,
    everything: bool = False,
    database_url: Annotated[str, Field(pattern=NO_PASSWORD)] | None = None,
    batch_size: Annotated[int, Field(ge=1, le=100_000)] | None = None,
    jobs: Annotated[int, Field(ge=1, le=256)] | None = None,
    task_runner: RunnerName = "processes",
) -> State[RunReport]:
    """Ask the sources that are due for what is new, and load it.

    Safe to run again at any time: what was read is not read again, and what a run that was killed left is taken
    up. A source that fails is asked less often and stands in the report; it does not make the run fail.

    Args:
        sources: Names of sources to ask, due or not. Empty: those that are due.
        everything: Ask all sources, due or not.
        database_url: SQLAlchemy address of the database, without a password. Empty: the worker's
            NEWSFOLD_DATABASE_URL, which is the place for an address with a password.
        batch_size: Items in one batch, which is one task; 50 at most. Empty: the worker's NEWSFOLD_BATCH_SIZE.
        jobs: Batches read at the same time. Empty: the worker's NEWSFOLD_JOBS, else one a core.
        task_runner: Where batches run: processes use all cores, threads start at once and share one; dask and ray
            are clusters that run already, at the worker's NEWSFOLD_DASK_ADDRESS or NEWSFOLD_RAY_ADDRESS, and need
            PostgreSQL and input that all of their workers can read.

    """

    def run() -> RunReport:
        settings, watch = conditions(database_url, batch_size, jobs)
        runner = on_runner(task_runner, settings)
        return conductor.poll(settings, runner, names=sources or (), everything=everything, watch=watch)

    return ending(run)
