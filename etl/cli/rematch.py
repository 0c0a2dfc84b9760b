"""`newsfold rematch`: pairs and stories by today's rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from etl.cli.console import watched_run
from etl.cli.options import AsJson, Database, Direct, Jobs
from etl.cli.reclean import Since, show

if TYPE_CHECKING:
    from etl.accounts import RunReport
    from etl.rematch import Scope
    from etl.settings import Settings


def register(app: typer.Typer) -> None:
    app.command()(rematch)


def rematch(
    db: Database = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Write nothing, show how stories would change; other writers wait.")
    ] = False,
    since: Since = None,
    everything: Annotated[bool, typer.Option("--all", help="Also what today's rules compared already.")] = False,
    direct: Direct = False,
    jobs: Jobs = None,
    batch_size: Annotated[int | None, typer.Option(min=1, help="Articles in one transaction; default 500.")] = None,
    as_json: AsJson = False,
) -> None:
    """Find copies and stories again by today's rules and thresholds; texts stay as they are."""
    from etl.rematch import Scope
    from etl.settings import read_settings

    scope = Scope(since, everything)
    settings = read_settings(database_url=db, jobs=jobs, batch_size=batch_size)
    # A preview leaves no trace, not even a run in Prefect.
    report = _run_direct(settings, scope, dry_run) if direct or dry_run else _run_flow(settings, scope)
    show(report, as_json)


def _run_direct(settings: Settings, scope: Scope, dry: bool) -> RunReport:
    from etl.rematch import rematch as run
    from etl.workers import pool_of

    with watched_run() as watch:
        return run(settings, pool_of(settings), scope, dry=dry, watch=watch)


def _run_flow(settings: Settings, scope: Scope) -> RunReport:
    from etl.db.existing import open_existing
    from flows.local import run_rematch

    open_existing(settings.database_url).dispose()  # said before a server is started for it
    with watched_run() as watch:
        return run_rematch(settings, scope, watch)
