"""Bring a database to the schema of this program: on first use, once, whoever comes first."""

from __future__ import annotations

from typing import Literal

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DBAPIError

from etl.db import views
from etl.db.connect import first_line, is_transient, mask, reading, writing
from etl.db.schema import metadata
from etl.errors import DatabaseError
from etl.resources import migrations

_LOCK = 0x6E657773  # "news": key of the advisory lock
SEARCH_INDEX = "article_fts"  # and its shadow tables article_fts_*, on SQLite
SEARCH_COLUMN = "search_vector"  # of article, on PostgreSQL
SEARCH_GIN = "ix_article_search_vector"


def upgrade(engine: Engine) -> Literal["current", "upgraded"]:
    """Migrate the database to the head revision if it is not there yet; make views that are missing.

    Views are missing where a newer version has taken a step back to this schema: it knows them no more.
    raises  DatabaseError: newer than this program, or what stands there is not newsfold's.
    """
    head = _scripts().get_current_head()
    with reading(engine) as conn:
        if _revision(conn) == head and not _missing_views(conn):
            return "current"
    try:
        with writing(engine) as conn:  # on SQLite this is the lock
            if conn.dialect.name == "postgresql":
                conn.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            if _revision(conn) != head:
                command.upgrade(config(conn), "head")
            elif _missing_views(conn):
                readers = views.readers(conn)
                views.drop(conn)
                views.create(conn, readers)
            else:
                return "current"  # someone else did it while we waited
    except DBAPIError as err:
        if is_transient(err):
            raise
        raise DatabaseError(f"{_name(engine)}: cannot be migrated: {first_line(err)}") from err
    return "upgraded"


def check(engine: Engine) -> list[str]:
    """Return what differs between the database and the schema of this program, a line each; empty is good."""
    head = _scripts().get_current_head()
    with reading(engine) as conn:
        found = _revision(conn)
        if found != head:
            return [f"revision is {found or 'none'}, should be {head}: run newsfold db upgrade"]
        context = MigrationContext.configure(
            conn, opts={"include_object": include_object, "target_metadata": metadata, "compare_type": True}
        )
        lines = [_told(difference) for difference in compare_metadata(context, metadata)]
        return lines + [f"view {name} is missing: run newsfold db upgrade" for name in _missing_views(conn)]


def check_revision(engine: Engine) -> None:
    """See that the database has the schema of this program.

    raises  DatabaseError that says what to do when it is older, newer, or has none.
    """
    head = _scripts().get_current_head()
    with reading(engine) as conn:
        found = _revision(conn)
    if found is None:
        raise DatabaseError(f"{_name(engine)}: holds nothing of newsfold yet; newsfold ingest makes its tables")
    if found != head:
        raise DatabaseError(f"{_name(engine)}: revision {found} is older than this newsfold, run newsfold db upgrade")


def config(conn: Connection | None = None) -> Config:
    """Return the configuration of Alembic; an installed wheel has no pyproject to read it from."""
    configured = Config()
    configured.set_main_option("script_location", str(migrations()).replace("%", "%%"))
    configured.set_main_option("path_separator", "os")
    if conn is not None:
        configured.attributes["connection"] = conn
    return configured


def include_object(_object: object, name: str | None, kind: str, reflected: bool, _counterpart: object) -> bool:
    """Tell Alembic what to compare: not the full-text search, which each engine has in its own way."""
    if not reflected or name is None:
        return True
    if kind == "table":
        return not name.startswith(SEARCH_INDEX)
    return name not in (SEARCH_COLUMN, SEARCH_GIN)


def _missing_views(conn: Connection) -> list[str]:
    return sorted({view.name for view in views.VIEWS} - set(inspect(conn).get_view_names()))


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(config())


def _revision(conn: Connection) -> str | None:
    found = MigrationContext.configure(conn).get_current_revision()
    try:
        _scripts().get_revision(found or "head")
    except CommandError:
        raise DatabaseError(
            f"{_name(conn.engine)}: revision {found} is newer than this newsfold, upgrade newsfold"
        ) from None
    return found


def _name(engine: Engine) -> str:
    return mask(engine.url.render_as_string(hide_password=False))


def _told(difference: object) -> str:
    """One difference as Alembic reports it: a tuple that begins with a verb, or a list of such."""
    first = difference[0] if isinstance(difference, list) else difference
    parts = first if isinstance(first, tuple) else (first,)
    return " ".join(str(getattr(part, "name", part)) for part in parts if part is not None)
