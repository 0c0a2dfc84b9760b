"""Options that several commands share."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

DAY = "YYYY-MM-DD"  # how a day is given

Database = Annotated[
    str | None,
    typer.Option("--db", metavar="URL", help="Database; default NEWSFOLD_DATABASE_URL, then sqlite:///newsfold.db."),
]
Direct = Annotated[bool, typer.Option("--direct", help="Run without Prefect, in processes of this machine.")]
Jobs = Annotated[int | None, typer.Option(min=1, help="Batches at the same time; default: one a core.")]
AllowPrivate = Annotated[
    bool, typer.Option("--allow-private", help="Read from private and loopback addresses too, at any port.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
Locators = Annotated[
    list[str], typer.Argument(metavar="PATH|-", help="Files, folders, globs, or - for standard input.")
]
Columns = Annotated[
    list[str] | None,
    typer.Option("--map", metavar="NAME=COLUMN", help="What a column of tables or JSON is; may be given repeatedly."),
]
Format = Annotated[
    str,
    typer.Option(
        "--format",
        metavar="FORMAT",
        help="auto, or how every named file is read: text, html, json, jsonl, csv, parquet, warc, zip.",
    ),
]


def day(value: str) -> datetime:
    """Return the first moment of a day, UTC."""
    try:
        return datetime.strptime(value, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise typer.BadParameter(f"{value!r} is no day; write it as 2026-03-02") from None


def next_day(value: str) -> datetime:
    """Return the first moment after a day, UTC: what is before it is of that day or earlier."""
    return day(value) + timedelta(days=1)
