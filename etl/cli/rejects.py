"""`newsfold rejects`: the documents that could not become an article, and another try for them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from etl.cli.console import note, print_json
from etl.cli.options import DAY, AsJson, Database, Jobs, day
from etl.cli.reading import existing, new_table, print_tables
from etl.cli.reclean import run_direct, show

if TYPE_CHECKING:
    from rich.table import Table

    from etl.db.rejections import Rejects


def register(app: typer.Typer) -> None:
    app.command()(rejects)


def rejects(
    db: Database = None,
    stage: Annotated[str | None, typer.Option(help="Refused by this stage: read, parse, strip ...")] = None,
    reason: Annotated[str | None, typer.Option(help="Refused for this reason.")] = None,
    source: Annotated[str | None, typer.Option(help="Read for this source.")] = None,
    uri: Annotated[str | None, typer.Option(metavar="PART", help="With this in the address, or the path.")] = None,
    since: Annotated[
        datetime | None, typer.Option(parser=day, metavar=DAY, help="Refused by a run of this day or later, UTC.")
    ] = None,
    run: Annotated[int | None, typer.Option(min=1, metavar="RUN", help="Refused by this run first, or last.")] = None,
    min_attempts: Annotated[int, typer.Option(min=1, help="Refused at least so many times.")] = 1,
    limit: Annotated[int | None, typer.Option(min=1, help="How many are listed at most; default: all.")] = None,
    summary: Annotated[bool, typer.Option("--summary", help="Only count them, by reason.")] = False,
    replay: Annotated[bool, typer.Option("--replay", help="Try them again, from the bytes that were kept.")] = False,
    jobs: Jobs = None,
    as_json: AsJson = False,
) -> None:
    """List the documents that could not become an article, and why; or try them again."""
    from etl.db import rejections

    wanted = rejections.Rejects(stage, reason, source, uri, since, run, min_attempts)
    engine = existing(db)
    counts = rejections.summary(engine, wanted)
    if replay:
        if limit or summary:
            raise typer.BadParameter("--replay takes all that pass the filters: leave out --limit and --summary")
        kept = rejections.kept_rejects(engine, wanted)
        engine.dispose()
        return _replay(db, wanted, sum(row["documents"] for row in counts) - len(kept), jobs, as_json)
    rows = counts if summary else rejections.rejects(engine, wanted, limit)
    if as_json:
        return print_json(rows)
    if not rows:
        return note("no rejected documents" if wanted == rejections.Rejects() else "no rejected documents like these")
    print_tables(_counted(rows) if summary else _listed(rows), _told(counts))
    return None


def _replay(db: str | None, wanted: Rejects, lost: int, jobs: int | None, as_json: bool) -> None:
    from etl.reclean import Scope
    from etl.settings import read_settings

    if lost:
        note(f"{lost:,} cannot be tried from here: nothing of them was kept, ingest or poll them again")
    settings = read_settings(database_url=db, jobs=jobs)
    show(run_direct(settings, Scope(rejects=wanted), False), as_json)


def _listed(rows: Sequence[dict[str, Any]]) -> Table:
    table = new_table("stage", "reason", "attempts", "run", "uri", "detail")
    for row in rows:
        numbers = (str(row["attempts"]), str(row["last_rejected_run"]))
        table.add_row(row["stage"], row["reason"], *numbers, row["uri"], row["detail"])
    return table


def _counted(rows: Sequence[dict[str, Any]]) -> Table:
    table = new_table("stage", "reason", "documents", "most attempts", "for example")
    for row in rows:
        numbers = (f"{row['documents']:,}", str(row["most_attempts"]))
        table.add_row(row["stage"], row["reason"], *numbers, row["example"])
    return table


def _told(counts: Sequence[dict[str, Any]]) -> str:
    """Say in one line how many there are, by reason."""
    total = sum(row["documents"] for row in counts)
    each = ", ".join(f"{row['documents']:,} {row['stage']}/{row['reason']}" for row in counts)
    return f"{total:,} rejected: {each}"
