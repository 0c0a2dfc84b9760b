"""`newsfold export`: the rows of a view as a file or a stream."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from etl.cli.console import note
from etl.cli.options import DAY, Database, day, next_day
from etl.cli.reading import existing

if TYPE_CHECKING:
    from collections.abc import Iterator


class Form(StrEnum):
    jsonl = "jsonl"
    csv = "csv"
    parquet = "parquet"
    dolma = "dolma"


def register(app: typer.Typer) -> None:
    app.command()(export)


def export(
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Default: standard output.")
    ] = None,
    form: Annotated[
        Form, typer.Option("--format", help="dolma: JSON lines with id, text, source, added, created, metadata.")
    ] = Form.jsonl,
    view: Annotated[str, typer.Option(help="v_articles, v_stories or any other view.")] = "v_articles",
    since: Annotated[
        datetime | None, typer.Option(parser=day, metavar=DAY, help="Published on this day or later, UTC.")
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option(parser=next_day, metavar=DAY, help="Published on this day or earlier, UTC."),
    ] = None,
    publisher: Annotated[str | None, typer.Option(help="Only of this publisher.")] = None,
    leads_only: Annotated[bool, typer.Option("--leads-only", help="One article a story: its lead.")] = False,
    source: Annotated[str, typer.Option(help="Name of the data set, for dolma.")] = "newsfold",
    db: Database = None,
) -> None:
    """Write the rows of a view for other programs, as they come."""
    from etl.db import export as exported
    from etl.report.exports import write

    if form is Form.parquet and output is None and sys.stdout.isatty():
        raise typer.BadParameter("Parquet is not for the eye: name a file with -o")
    engine = existing(db)
    wanted = exported.Wanted(view, since, until, publisher, leads_only)
    columns = exported.columns(view)
    with exported.rows(engine, wanted) as rows, _opened(output) as out:
        count = write(form.value, out, columns, rows, source)
    if output is not None:
        note(f"{output}: {count:,} rows of {view}")


@contextmanager
def _opened(path: Path | None) -> Iterator[BinaryIO]:
    """Open what is written to; a file takes its name when it is whole."""
    from etl.errors import InputError

    if path is None:
        yield sys.stdout.buffer
        sys.stdout.flush()
        return
    part = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with part.open("wb") as out:
            yield out
        part.replace(path)
    except OSError as err:
        raise InputError(f"{path}: cannot be written: {err.strerror}") from None
    finally:
        part.unlink(missing_ok=True)
