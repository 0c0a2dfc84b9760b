"""How commands that read open a database, and show tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from etl.cli.console import plain_console

if TYPE_CHECKING:
    from rich.table import Table

    from etl.db.connect import Database


def existing(db: str | None) -> Database:
    """Open a database that is there already, with the schema this program knows.

    raises  DatabaseError where there is none: reading makes no database.
    """
    from etl.db.existing import open_current
    from etl.errors import DatabaseError
    from etl.settings import read_settings, scheduled_database

    settings = read_settings(database_url=db)
    try:
        return open_current(settings.database_url)
    except DatabaseError as err:
        if (there := scheduled_database(settings)) is None:
            raise
        raise DatabaseError(f"{err}; scheduled runs write to {there}") from None


def minute(value: object) -> str:
    """Return a time as it is read best, to the minute; nothing for none."""
    return "" if value is None else str(value)[:16].replace("T", " ")


def new_table(*heads: str) -> Table:
    """Return an empty table whose cells are folded, never cut."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, show_header=any(heads), collapse_padding=True)
    for head in heads:
        table.add_column(head, overflow="fold")
    return table


def print_tables(*things: Table | str) -> None:
    """Print tables and lines; in a pipe as wide as they need to be, so that nothing is cut."""
    console = plain_console()
    if not console.is_terminal:
        console.width = 200
    for thing in things:
        console.print(thing)
