"""`newsfold stories`: the stories that somebody looks for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Annotated

import typer

from etl.cli.console import print_json
from etl.cli.options import DAY, AsJson, Database
from etl.cli.reading import existing, new_table, print_tables


class Sort(StrEnum):
    copies = "copies"
    first = "first"
    last = "last"


def register(app: typer.Typer) -> None:
    app.command()(stories)


def stories(
    db: Database = None,
    since: Annotated[
        datetime | None,
        typer.Option(formats=DAY, metavar="DATE", help="With an article published on this day or later, UTC."),
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option(formats=DAY, metavar="DATE", help="With one published on this day or earlier, UTC."),
    ] = None,
    publisher: Annotated[str | None, typer.Option(help="Only stories that this publisher ran.")] = None,
    agency: Annotated[str | None, typer.Option(help="Only stories of which an article credits this agency.")] = None,
    headline: Annotated[str | None, typer.Option(help="Only stories with these words in the headline.")] = None,
    search: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Only stories of which an article has all these words.")
    ] = None,
    min_copies: Annotated[int, typer.Option(min=0, help="Only stories with at least so many copies.")] = 0,
    sort: Annotated[Sort, typer.Option(help="Most copied first, or by first or last publication.")] = Sort.copies,
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 20,
    as_json: AsJson = False,
) -> None:
    """List the stories, most copied first."""
    from etl.db import stories as asked

    wanted = asked.Filter(
        since=since and since.replace(tzinfo=UTC),
        until=until and until.replace(tzinfo=UTC) + timedelta(days=1),
        publisher=publisher,
        agency=agency,
        headline=headline,
        search=search,
        least_copies=min_copies,
    )
    rows = asked.stories(existing(db), wanted, sort.value, limit)
    if as_json:
        print_json(rows)
        return
    table = new_table("story", "headline", "first published", "last", "copies", "publishers")
    for row in rows:
        times = [row[name] or "-" for name in ("first_published_at", "last_published_at")]
        counts = (str(row["copies"]), str(row["publishers"]))
        table.add_row(str(row["story_id"]), row["headline"] or "-", *times, *counts)
    print_tables(table)
