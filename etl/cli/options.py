"""Options that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer

DAY = ["%Y-%m-%d"]  # how a day is given

Database = Annotated[
    str | None,
    typer.Option("--db", metavar="URL", help="Database; default NEWSFOLD_DATABASE_URL, then sqlite:///newsfold.db."),
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
