"""`newsfold stories`: the stories that somebody looks for."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated

import typer

from etl.cli.console import note, print_json
from etl.cli.options import DAY, AsJson, Database, day, next_day
from etl.cli.reading import existing, minute, new_table, print_tables
from etl.report.words import shortened


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
        typer.Option(parser=day, metavar=DAY, help="With an article published on this day or later, UTC."),
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option(parser=next_day, metavar=DAY, help="With one published on this day or earlier, UTC."),
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
        since=since,
        until=until,
        publisher=publisher,
        agency=agency,
        headline=headline,
        search=search,
        least_copies=min_copies,
    )
    engine = existing(db)
    rows = asked.stories(engine, wanted, sort.value, limit + 1)
    if as_json:
        print_json(rows[:limit])
        return
    openings = asked.openings(engine, [row["lead_article_id"] for row in rows if not row["headline"]])
    table = new_table("story", "headline", "first published", "last published", "copies", "publishers")
    for row in rows[:limit]:
        headline = row["headline"] or f"(no headline) {shortened(openings[row['lead_article_id']], 60)}"
        times = (minute(row["first_published_at"]) or "-", minute(row["last_published_at"]) or "-")
        table.add_row(str(row["story_id"]), headline, *times, str(row["copies"]), str(row["publishers"]))
    print_tables(table)
    if len(rows) > limit:
        note(f"there are more than these {limit}: --limit lists them")
