"""`newsfold forget`: articles that must go and stay away."""

from __future__ import annotations

from typing import Annotated

import typer

from etl.cli.console import show_report, watched_run
from etl.cli.options import AsJson, Database


def register(app: typer.Typer) -> None:
    app.command()(forget)


def forget(
    names: Annotated[
        list[str], typer.Argument(metavar="URL|ID|FILE-END...", help="Addresses, ids or ends of file names.")
    ],
    reason: Annotated[str | None, typer.Option(help="Why; kept with the marks, so name nothing in it.")] = None,
    db: Database = None,
    as_json: AsJson = False,
) -> None:
    """Take articles down: every trace of them goes, and they never come back, under any address or with that text."""
    from etl.forget import forget as run
    from etl.settings import read_settings
    from etl.workers import pool_of

    settings = read_settings(database_url=db)
    with watched_run() as watch:
        report = run(settings, pool_of(settings), names, reason, watch)
    if as_json:
        show_report(report, as_json)
        return
    gone = report.forgotten
    if gone is not None:
        print(
            f"{gone.articles} articles taken down, with {gone.documents} documents; {gone.marks} marks keep them out.\n"
            f"{report.articles} articles are left, in {report.stories} stories."
        )
