"""Bring a database to the schema of this program: on first use, once, whoever comes first."""

from __future__ import annotations

from functools import cache
from typing import Literal

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DBAPIError

from etl.db import views
from etl.db.connect import first_line, is_transient, mask, reading, writing
from etl.errors import DatabaseError
from etl.resources import migrations

_LOCK = 0x6E657773  # "news": key of the advisory lock


def upgrade(engine: Engine) -> Literal["current", "upgraded"]:
    """Migrate the database to the head revision if it is not there yet; make views that are missing.

    Views are missing where a newer version has taken a step back to this schema: it knows them no more.
    raises  DatabaseError: newer than this program, or what stands there is not newsfold's.
    """
    with reading(engine) as conn:
        if _revision(conn) == head() and not views.missing(conn):
            return "current"
    from etl.db.migrate import migrate  # slow to import, and seldom needed

    try:
        with writing(engine) as conn:  # on SQLite this is the lock
            if conn.dialect.name == "postgresql":
                conn.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            if _revision(conn) != head():
                migrate(conn)
            elif views.missing(conn):
                views.make_again(conn)
            else:
                return "current"  # someone else did it while we waited
    except DBAPIError as err:
        if is_transient(err):
            raise
        said = first_line(err)
        foreign = "; it is not newsfold's: name another database" if "already exists" in said else ""
        raise DatabaseError(f"{_name(engine)}: cannot be migrated: {said}{foreign}") from err
    return "upgraded"


def check(engine: Engine) -> list[str]:
    """Return what differs between the database and the schema of this program, a line each; empty is good."""
    from etl.db.migrate import differences

    with reading(engine) as conn:
        found = _revision(conn)
        if found != head():
            return [f"revision is {found or 'none'}, should be {head()}: run newsfold db upgrade"]
        return differences(conn)


def check_revision(engine: Engine) -> None:
    """See that the database has the schema of this program.

    raises  DatabaseError that says what to do when it is older, newer, or has none.
    """
    with reading(engine) as conn:
        found = _revision(conn)
    if found is None:
        raise DatabaseError(f"{_name(engine)}: holds nothing of newsfold yet; newsfold ingest makes its tables")
    if found != head():
        raise DatabaseError(f"{_name(engine)}: revision {found} is older than this newsfold, run newsfold db upgrade")


def head() -> str:
    """Return the last revision."""
    return _revisions()[-1]


@cache
def _revisions() -> list[str]:
    """Return all revisions in order: the chain has no branches, and each file is named by its number."""
    return sorted(file.name.partition("_")[0] for file in (migrations() / "versions").glob("[0-9]*.py"))


def _revision(conn: Connection) -> str | None:
    """Return the revision that Alembic wrote into the database, None where it never did."""
    is_written = inspect(conn).has_table("alembic_version")
    found: str | None = conn.scalar(text("select version_num from alembic_version")) if is_written else None
    if found and not found.isdigit():
        raise DatabaseError(f"{_name(conn.engine)}: revision {found} is another program's: name another database")
    if found and found not in _revisions():
        raise DatabaseError(f"{_name(conn.engine)}: revision {found} is newer than this newsfold, upgrade newsfold")
    return found


def _name(engine: Engine) -> str:
    return mask(engine.url.render_as_string(hide_password=False))
