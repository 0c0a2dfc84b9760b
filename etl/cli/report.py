"""`newsfold report`: a database as one page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from etl.cli.console import note
from etl.cli.options import Database
from etl.cli.reading import existing


def register(app: typer.Typer) -> None:
    app.command()(report)


def report(
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="Where the page is written.")],
    db: Database = None,
) -> None:
    """Write one page of HTML about the database: runs, sources, stories, rules, rejections, quality over time."""
    from etl.db.overview import overview
    from etl.errors import InputError
    from etl.report.page import database_page

    page = database_page(overview(existing(db)))
    try:
        output.write_text(page, "utf-8")
    except OSError as err:
        raise InputError(f"{output}: cannot be written: {err.strerror}") from None
    note(f"{output}: {len(page) // 1024} KiB")
