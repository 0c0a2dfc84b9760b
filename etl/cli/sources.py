"""`newsfold sources`: what is polled, how it is doing, and a poll here and now."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from etl.cli.console import print_json, watched_run
from etl.cli.options import AllowPrivate, AsJson, Database, Direct, Jobs
from etl.cli.reading import existing, minute, new_table, print_tables
from etl.cli.reclean import show

if TYPE_CHECKING:
    from etl.accounts import RunReport
    from etl.db.connect import Database as OpenDatabase
    from etl.db.sources import NewsSource
    from etl.settings import Settings

Name = Annotated[str, typer.Argument(metavar="NAME", help="Name of the source.")]


def register(app: typer.Typer) -> None:
    group = typer.Typer(help="Feeds, sitemaps, pages, folders: polled for what is new.", no_args_is_help=True)
    group.command("add")(add)
    group.command("import")(import_file)
    group.command("list")(list_sources)
    group.command("poll")(poll)
    for command in (disable, enable, remove):
        group.command()(command)
    app.add_typer(group, name="sources")


def add(
    name: Name,
    url: Annotated[str, typer.Argument(metavar="URL|PATH", help="Where it is.")],
    kind: Annotated[str, typer.Option(help="feed, sitemap, page, folder, or a format of files.")] = "feed",
    interval: Annotated[
        str | None, typer.Option(metavar="15m|2h|1d", help="Time between two polls; default: found out.")
    ] = None,
    allow: Annotated[list[str] | None, typer.Option(metavar="HOST", help="Read pages of this host only.")] = None,
    db: Database = None,
) -> None:
    """Add a source, or change the one of that name."""
    from etl.errors import InputError
    from etl.polling.source_files import news_source

    try:
        wanted = news_source(name, url, kind, interval, allow or ())
    except ValueError as err:
        raise InputError(str(err)) from None
    _put([wanted], db)


def import_file(
    path: Annotated[Path, typer.Argument(metavar="FILE.toml|FILE.opml", help="A list of sources.")],
    db: Database = None,
) -> None:
    """Add the sources that a TOML or OPML file names; change those that are there already."""
    from etl.polling.source_files import read_source_file

    _put(read_source_file(path), db)


def list_sources(db: Database = None, as_json: AsJson = False) -> None:
    """Show all sources: how they are doing, and when they are asked again."""
    from etl.db.sources import described_sources

    rows = described_sources(existing(db))
    if as_json:
        return print_json(rows)
    table = new_table("source", "kind", "health", "last ok", "seen", "now", "usual", "silent for", "next poll")
    for row in rows:
        table.add_row(*_cells(row))
    print_tables(table, *(f"{row['name']}: {why}" for row in rows if (why := _why(row))))
    return None


def poll(
    names: Annotated[list[str] | None, typer.Argument(metavar="[NAME]...", help="Only these, due or not.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="All sources, due or not.")] = False,
    db: Database = None,
    direct: Direct = False,
    jobs: Jobs = None,
    allow_private: AllowPrivate = False,
    as_json: AsJson = False,
) -> None:
    """Ask the sources that are due for what is new, load it, and print the run report."""
    from etl.settings import read_settings

    settings = read_settings(database_url=db, jobs=jobs, allow_private=allow_private or None)
    report = (_poll_direct if direct else _poll_flow)(settings, names or [], everything)
    show(report, as_json)


def disable(name: Name, db: Database = None) -> None:
    """Poll a source no more; it stays on the list with all that is known of it."""
    _switch(name, db, enabled=False)


def enable(name: Name, db: Database = None) -> None:
    """Poll a source again."""
    _switch(name, db, enabled=True)


def remove(name: Name, db: Database = None) -> None:
    """Take a source off the list. The articles that came from it stay."""
    from etl.db.sources import remove_source

    gone = remove_source(existing(db), name)
    if gone is None:
        raise _unknown(name)
    typer.echo(f"{name}: removed" + ("" if gone else "; its articles stay, and its name with them"))


def _put(wanted: list[NewsSource], db: str | None) -> None:
    from etl.db.sources import put_sources

    added, changed = put_sources(_made(db), wanted)
    same = len({one.name for one in wanted}) - len(added) - len(changed)
    typer.echo(f"{len(added)} added, {len(changed)} changed, {same} as they were")


def _made(db: str | None) -> OpenDatabase:
    """Open a database to write to; it is made where there is none."""
    from etl.db.connect import open_engine
    from etl.db.upgrade import upgrade
    from etl.settings import read_settings

    engine = open_engine(read_settings(database_url=db).database_url)
    upgrade(engine)
    return engine


def _switch(name: str, db: str | None, enabled: bool) -> None:
    from etl.db.sources import set_enabled

    if not set_enabled(existing(db), name, enabled):
        raise _unknown(name)
    typer.echo(f"{name}: {'polled when it is due' if enabled else 'polled no more'}")


def _unknown(name: str) -> Exception:
    from etl.errors import InputError

    return InputError(f"no source is called {name!r}; newsfold sources list shows what there is")


def _poll_direct(settings: Settings, names: list[str], everything: bool) -> RunReport:
    from etl.polling.poll import poll as run
    from etl.workers import pool_of

    with watched_run() as watch:
        return run(settings, pool_of(settings), names=names, everything=everything, watch=watch)


def _poll_flow(settings: Settings, names: list[str], everything: bool) -> RunReport:
    from flows.local import run_poll

    with watched_run() as watch:
        return run_poll(settings, names, watch, everything=everything)


def _cells(row: dict[str, Any]) -> list[str]:
    health = row["health"] if row["enabled"] else "disabled"
    usual = "" if row["items_usual"] is None else f"{row['items_usual']:.0f}"
    silent = "" if row["silent_for"] is None else _span(row["silent_for"])
    due = "" if row["url"] is None or not row["enabled"] else minute(row["next_poll_at"]) or "at once"
    now = "" if row["items_now"] is None else str(row["items_now"])
    names = [row["name"], row["kind"], health if row["url"] else "", minute(row["last_ok_at"])]
    return [*names, str(row["items_seen"] or ""), now, usual, silent, due]


def _span(seconds: float) -> str:
    """Return a time in the largest unit of which it has two."""
    for unit, length in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= 2 * length:
            return f"{seconds // length:.0f} {unit}"
    return f"{seconds:.0f} s"


def _why(row: dict[str, Any]) -> str:
    if fails := row["failures_in_a_row"]:
        return f"failed {'once' if fails == 1 else f'{fails} times in a row'}, {row['last_error']}"
    return row["last_error"] or (f"moved to {row['moved_to']}" if row["moved_to"] else "")
