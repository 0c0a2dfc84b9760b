"""The flow `reclean`: stored documents cleaned again by today's rules, then matched, then reported."""

# No `from __future__ import annotations` where Prefect reads signatures: it would see text instead of types.

from datetime import UTC, date, datetime, time
from typing import Annotated

from prefect import State, flow
from pydantic import Field

from etl import reclean as conductor
from etl.accounts import RunReport
from etl.reclean import Scope
from flows.ending import NO_PASSWORD, conditions, ending
from flows.runners import RunnerName, on_runner


@flow(name="reclean", persist_result=False)
def reclean(
    dry_run: bool = False,
    site: Annotated[str, Field(min_length=1)] | None = None,
    since: date | None = None,
    everything: bool = False,
    database_url: Annotated[str, Field(pattern=NO_PASSWORD)] | None = None,
    batch_size: Annotated[int, Field(ge=1, le=100_000)] | None = None,
    jobs: Annotated[int, Field(ge=1, le=256)] | None = None,
    task_runner: RunnerName = "processes",
) -> State[RunReport]:
    """Clean stored documents again by today's rules, from the bytes that were kept.

    Only what was cleaned by other rules is done, rejected documents too, so the flow may be run again at any
    time. Where the text changes, the old one is kept as a version. What changed is matched again at the end.

    Args:
        dry_run: Write nothing to the database and only report what would change, by rule and by site.
        site: Only articles of the publisher with this name. Empty: of all publishers.
        since: Only what was published on this day or later, or fetched where that is not known.
        everything: Clean again also what was cleaned by today's rules already.
        database_url: SQLAlchemy address of the database, without a password. Empty: the worker's
            NEWSFOLD_DATABASE_URL, which is the place for an address with a password.
        batch_size: Articles in one batch, which is one task. Empty: the worker's NEWSFOLD_BATCH_SIZE, else 500.
        jobs: Batches cleaned at the same time. Empty: the worker's NEWSFOLD_JOBS, else one a core.
        task_runner: Where batches run: processes use all cores, threads start at once and share one; dask and ray
            are clusters that run already, at the worker's NEWSFOLD_DASK_ADDRESS or NEWSFOLD_RAY_ADDRESS, and need
            PostgreSQL and input that all of their workers can read.

    """

    def run() -> RunReport:
        settings, watch = conditions(database_url, batch_size, jobs)
        scope = Scope(site, datetime.combine(since, time(), UTC) if since else None, everything)
        return conductor.reclean(settings, on_runner(task_runner, settings), scope, dry=dry_run, watch=watch)

    return ending(run)
