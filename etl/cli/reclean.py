"""`newsfold reclean` and `newsfold rejects`: stored documents by today's rules, and those that were refused."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from etl.cli.console import print_json, progress_bar, show_report
from etl.cli.options import DAY, AsJson, Database

if TYPE_CHECKING:
    from etl.accounts import RunReport
    from etl.reclean import Scope
    from etl.settings import Settings

Direct = Annotated[bool, typer.Option("--direct", help="Run without Prefect, in processes of this machine.")]
Since = Annotated[
    datetime | None,
    typer.Option(formats=DAY, metavar="DATE", help="Only what was published, or else fetched, since."),
]
Jobs = Annotated[int | None, typer.Option(min=1, help="Batches at the same time; default: one a core.")]


def register(app: typer.Typer) -> None:
    app.command()(reclean)
    app.command()(rejects)


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

    scope = Scope(site, since and since.replace(tzinfo=UTC), everything)
    settings = read_settings(database_url=db, jobs=jobs)
    # A preview leaves no trace, not even a run in Prefect.
    report = (_run_direct if direct or dry_run else _run_flow)(settings, scope, dry_run)
    show(report, as_json)


def rejects(
    db: Database = None,
    replay: Annotated[bool, typer.Option("--replay", help="Try them again, from the bytes that were kept.")] = False,
    limit: Annotated[int | None, typer.Option(min=1, help="How many at most; default: all.")] = None,
    jobs: Jobs = None,
    as_json: AsJson = False,
) -> None:
    """List the documents that could not become an article, and why."""
    if replay:
        from etl.reclean import Scope
        from etl.settings import read_settings

        report = _run_direct(read_settings(database_url=db, jobs=jobs), Scope(only_rejected=True), False)
        show(report, as_json)
        return
    from etl.cli.reading import existing, new_table, print_tables
    from etl.db import read

    rows = read.rejects(existing(db), limit)
    if as_json:
        print_json(rows)
        return
    shown = new_table("stage", "reason", "attempts", "uri", "detail")
    for row in rows:
        shown.add_row(row["stage"], row["reason"], str(row["attempts"]), row["uri"], row["detail"])
    print_tables(shown)


def _run_direct(settings: Settings, scope: Scope, dry: bool) -> RunReport:
    from etl.reclean import reclean as run
    from etl.workers import pool_of

    with progress_bar() as watch:
        return run(settings, pool_of(settings), scope, dry=dry, watch=watch)


def _run_flow(settings: Settings, scope: Scope, dry: bool) -> RunReport:
    from etl.db.existing import open_existing
    from flows.local import run_reclean

    open_existing(settings.database_url).dispose()  # said before a server is started for it
    with progress_bar() as watch:
        return run_reclean(settings, scope, watch, dry=dry)


def show(report: RunReport, as_json: bool) -> None:
    """Print the report of a run, and leave with 1 where a batch could not be finished."""
    show_report(report, as_json)
    if report.failed_batches:
        raise typer.Exit(1)
