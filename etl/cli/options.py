"""Options that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer

Database = Annotated[
    str | None,
    typer.Option("--db", metavar="URL", help="Database; default NEWSFOLD_DATABASE_URL, then sqlite:///newsfold.db."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
Locators = Annotated[
    list[str], typer.Argument(metavar="PATH|-", help="Files, folders, globs, or - for standard input.")
]
Format = Annotated[
    str, typer.Option("--format", metavar="FORMAT", help="auto, text, html or jsonl: how the input is read.")
]
