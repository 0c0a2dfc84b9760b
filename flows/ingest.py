"""The flow `ingest`: what the paths name, read, folded and loaded in batches, then matched, then reported."""

# No `from __future__ import annotations` where Prefect reads signatures: it would see text instead of types.

from datetime import date
from typing import Annotated, Literal

from prefect import State, flow
from pydantic import Field

from etl import run as conductor
from etl.accounts import RunReport
from etl.sources.wanted import Wanted
from flows.caller import current_caller
from flows.ending import NO_PASSWORD, conditions, ending
from flows.runners import RunnerName, on_runner

Format = Literal["auto", "csv", "html", "json", "jsonl", "parquet", "text", "warc", "zip"]


@flow(name="ingest", persist_result=False)
def ingest(
    paths: Annotated[list[str], Field(min_length=1)],
    format: Format = "auto",  # noqa: A002 - the name that people see in the form and on the command line
    source: Annotated[str, Field(min_length=1)] = "adhoc",
    database_url: Annotated[str, Field(pattern=NO_PASSWORD)] | None = None,
    batch_size: Annotated[int, Field(ge=1, le=100_000)] | None = None,
    jobs: Annotated[int, Field(ge=1, le=256)] | None = None,
    task_runner: RunnerName = "processes",
    columns: dict[str, str] | None = None,
    since: date | None = None,
    until: date | None = None,
) -> State[RunReport]:
    """Read documents, fold their copies and load one clean row per story.

    Safe to run again at any time: what is stored already is counted as unchanged. A document that cannot
    become an article is kept as a rejection with its reason. A batch that fails for good does not stop the
    others; the run then ends as Failed, and the next run over the same paths takes that batch up.

    Args:
        paths: Files, folders (searched to the bottom) or globs, as the worker sees them; relative ones start
            in its working directory. Or addresses of web pages, and lists of them (.urls).
        format: What the files are: auto goes by their names, the others read every named file as that kind.
        source: Name of the source that the documents are counted under.
        database_url: SQLAlchemy address of the database, without a password. Empty: the worker's
            NEWSFOLD_DATABASE_URL, which is the place for an address with a password.
        batch_size: Documents in one batch, which is one task. Empty: the worker's NEWSFOLD_BATCH_SIZE, else 500.
        jobs: Batches folded at the same time. Empty: the worker's NEWSFOLD_JOBS, else one a core.
        task_runner: Where batches run: processes use all cores, threads start at once and share one; dask and ray
            are clusters that run already, at the worker's NEWSFOLD_DASK_ADDRESS or NEWSFOLD_RAY_ADDRESS, and need
            PostgreSQL and input that all of their workers can read.
        columns: What columns of tables and fields of JSON are, where their names do not tell: headline -> title.
        since: Only documents published on this day or later; those without a date are kept.
        until: Only documents published on this day or earlier; those without a date are kept.

    """
    caller = current_caller()

    def run() -> RunReport:
        settings, watch = conditions(database_url, batch_size, jobs)
        return conductor.ingest(
            [caller.files.get(path, path) if caller else path for path in paths],
            settings,
            on_runner(task_runner, settings),
            form=format,
            source=source,
            wanted=Wanted(tuple((columns or {}).items()), since, until),
            watch=watch,
        )

    return ending(run)
