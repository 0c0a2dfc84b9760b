"""The flow `rematch`: candidates, pairs and stories again by today's rules, then reported."""

# No `from __future__ import annotations` where Prefect reads signatures: it would see text instead of types.

from datetime import UTC, date, datetime, time
from typing import Annotated

from prefect import State, flow
from pydantic import Field

from etl import rematch as conductor
from etl.accounts import RunReport
from etl.rematch import Scope
from flows.ending import NO_PASSWORD, conditions, ending
from flows.runners import RunnerName, on_runner


@flow(name="rematch", persist_result=False)
def rematch(
    dry_run: bool = False,
    since: date | None = None,
    everything: bool = False,
    database_url: Annotated[str, Field(pattern=NO_PASSWORD)] | None = None,
    batch_size: Annotated[int, Field(ge=1, le=100_000)] | None = None,
    jobs: Annotated[int, Field(ge=1, le=256)] | None = None,
    task_runner: RunnerName = "threads",
) -> State[RunReport]:
    """Find candidates, pairs and stories again, where other rules or another scheme of fingerprints had found them.

    Safe to run at any time: where nothing is decided otherwise than before, nothing changes, and what today's rules
    have compared is not compared again. A run that was killed is taken up by the next one.

    Args:
        dry_run: Write nothing to the database and only report how stories would split, merge or change their lead.
        since: Only what was published on this day or later, or fetched where that is not known.
        everything: Compare again also what was compared by today's rules already.
        database_url: SQLAlchemy address of the database, without a password. Empty: the worker's
            NEWSFOLD_DATABASE_URL, which is the place for an address with a password.
        batch_size: Articles in one batch, which is one transaction. Empty: the worker's NEWSFOLD_BATCH_SIZE, else 500.
        jobs: Batches cleaned at the same time where sites are known better in the end. Empty: the worker's
            NEWSFOLD_JOBS, else one a core.
        task_runner: Where these batches run: processes use all cores, threads start at once and share one.

    """

    def run() -> RunReport:
        settings, watch = conditions(database_url, batch_size, jobs)
        scope = Scope(datetime.combine(since, time(), UTC) if since else None, everything)
        return conductor.rematch(settings, on_runner(task_runner, settings), scope, dry=dry_run, watch=watch)

    return ending(run)
