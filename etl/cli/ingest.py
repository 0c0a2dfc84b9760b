"""`newsfold ingest`: the main job."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from etl.cli.console import watched_run
from etl.cli.options import DAY, AllowPrivate, AsJson, Columns, Database, Direct, Format, Jobs, day
from etl.cli.reclean import show
from etl.cli.standard_input import with_stdin

if TYPE_CHECKING:
    from etl.accounts import RunReport
    from etl.settings import Settings
    from etl.sources.ref import File
    from etl.sources.wanted import Wanted

Locators = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[PATH|URL|-]...",
        help="Files, folders, globs, addresses, lists of addresses (.urls), or - for standard input.",
    ),
]


def register(app: typer.Typer) -> None:
    app.command()(ingest)


def ingest(
    paths: Locators = None,
    db: Database = None,
    direct: Direct = False,
    jobs: Jobs = None,
    batch_size: Annotated[int | None, typer.Option(min=1, help="Documents in a batch; default 500.")] = None,
    form: Format = "auto",
    columns: Columns = None,
    since: Annotated[
        datetime | None, typer.Option(parser=day, metavar=DAY, help="Only what was published on this day or later.")
    ] = None,
    until: Annotated[
        datetime | None, typer.Option(parser=day, metavar=DAY, help="Only what was published on this day or earlier.")
    ] = None,
    query: Annotated[
        str | None, typer.Option(metavar="SELECT", help="Read the rows of a query on the database of --from-db.")
    ] = None,
    from_db: Annotated[
        str | None, typer.Option("--from-db", metavar="URL", help="Any database that SQLAlchemy knows.")
    ] = None,
    allow_private: AllowPrivate = False,
    metrics: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the metrics of the run in Prometheus' text format.")
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 3 if anything was rejected.")] = False,
    as_json: AsJson = False,
) -> None:
    """Read documents and web pages, clean them, find their copies, load them; print the run report."""
    from etl.db.query_source import query_address, query_rows
    from etl.settings import read_settings
    from etl.sources import plan
    from etl.sources.spool import spooled_rows
    from etl.sources.wanted import Wanted
    from etl.sources.wanted import columns as named_columns
    from etl.sources.web import addresses

    if bool(query) != bool(from_db) or not (paths or query):
        raise typer.BadParameter("name a PATH, or a --query and the database it is asked of (--from-db)")
    settings = read_settings(
        database_url=db,
        jobs=jobs,
        batch_size=batch_size,
        allow_private=allow_private or None,
        metrics_file=metrics,
    )
    wanted = Wanted(named_columns(columns or []), since.date() if since else None, until.date() if until else None)
    with ExitStack() as stack:
        locators = with_stdin(paths or [], form, settings, stack)
        if query and from_db:
            rows, address = query_rows(from_db, query), query_address(from_db, query)
            locators.append(stack.enter_context(spooled_rows(rows, address, settings.spool_folder)))
        plan(addresses(locators)[1], form)  # what cannot be read is said before a server is started for it
        report = (_run_direct if direct else _run_flow)(locators, settings, form, wanted)
    show(report, as_json)
    if strict and report.batches.rejected:
        raise typer.Exit(3)


def _run_direct(locators: list[str | File], settings: Settings, form: str, wanted: Wanted) -> RunReport:
    from etl.run import ingest as run
    from etl.workers import pool_of

    with watched_run() as watch:
        return run(locators, settings, pool_of(settings), form=form, wanted=wanted, watch=watch)


def _run_flow(locators: list[str | File], settings: Settings, form: str, wanted: Wanted) -> RunReport:
    from flows.local import run_ingest

    with watched_run() as watch:
        return run_ingest(locators, settings, form, watch, wanted=wanted)
