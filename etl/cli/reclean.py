"""`newsfold reclean`: stored documents by today's rules."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from etl.cli.console import show_report, watched_run
from etl.cli.options import DAY, AsJson, Database, Direct, Jobs, day

if TYPE_CHECKING:
    from etl.accounts import RunReport
    from etl.reclean import Scope
    from etl.settings import Settings

Since = Annotated[
    datetime | None,
    typer.Option(parser=day, metavar=DAY, help="Only what was published, or else fetched, on this day or later, UTC."),
]


def register(app: typer.Typer) -> None:
    app.command()(reclean)


def reclean(
    db: Database = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Write nothing, show what would change.")] = False,
    site: Annotated[str | None, typer.Option(metavar="PUBLISHER", help="Only articles of this publisher.")] = None,
    since: Since = None,
    everything: Annotated[bool, typer.Option("--all", help="Also what was cleaned by today's rules already.")] = False,
    direct: Direct = False,
    jobs: Jobs = None,
    as_json: AsJson = False,
) -> None:
    """Clean stored documents again by today's rules, from the bytes that were kept; old texts become versions."""
    from etl.reclean import Scope
    from etl.settings import read_settings

    scope = Scope(site, since, everything)
    settings = read_settings(database_url=db, jobs=jobs)
    # A preview leaves no trace, not even a run in Prefect.
    report = (run_direct if direct or dry_run else _run_flow)(settings, scope, dry_run)
    show(report, as_json)


def run_direct(settings: Settings, scope: Scope, dry: bool) -> RunReport:
    """Clean again in processes of this machine."""
    from etl.reclean import reclean as run
    from etl.workers import pool_of

    with watched_run() as watch:
        return run(settings, pool_of(settings), scope, dry=dry, watch=watch)


def _run_flow(settings: Settings, scope: Scope, dry: bool) -> RunReport:
    from etl.db.existing import open_existing
    from flows.local import run_reclean

    open_existing(settings.database_url).dispose()  # said before a server is started for it
    with watched_run() as watch:
        return run_reclean(settings, scope, watch, dry=dry)


def show(report: RunReport, as_json: bool) -> None:
    """Print the report of a run, and leave with 1 where a batch could not be finished."""
    show_report(report, as_json)
    if report.failed_batches:
        raise typer.Exit(1)
