"""Alembic at work: the steps from one revision to the next, and what a database lacks of the schema.

Apart from `upgrade.py`, because Alembic is slow to import, and nearly every run finds the schema as it should be.
"""

from __future__ import annotations

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection

from etl.db import views
from etl.db.schema import metadata
from etl.db.search import SEARCH_COLUMN, SEARCH_GIN, SEARCH_INDEX
from etl.resources import migrations

_FOUND = {"add": "missing", "remove": "not newsfold's", "modify": "other"}  # what Alembic would do -> what there is


def migrate(conn: Connection) -> None:
    """Bring a database to the last revision, in the transaction that is open."""
    command.upgrade(config(conn), "head")


def differences(conn: Connection) -> list[str]:
    """Return what differs between a database of the last revision and the schema, a line each."""
    context = MigrationContext.configure(
        conn, opts={"include_object": include_object, "target_metadata": metadata, "compare_type": True}
    )
    lines = [_told(difference) for difference in compare_metadata(context, metadata)]
    return lines + [f"view {name} is missing: run newsfold db upgrade" for name in views.missing(conn)]


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


def _told(difference: object) -> str:
    """Say one difference, which Alembic reports as a tuple that begins with what it would do, or as a list of such."""
    first = difference[0] if isinstance(difference, list) else difference
    parts = first if isinstance(first, tuple) else (first,)
    verb, _, kind = str(parts[0]).partition("_")
    what = " ".join(str(getattr(part, "name", part)) for part in parts[1:] if part is not None)
    return f"{_FOUND.get(verb, verb)} {kind}: {what}"
