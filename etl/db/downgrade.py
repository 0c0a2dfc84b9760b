"""A step back to an older schema: it is refused where it would lose what cannot be made again."""

from __future__ import annotations

from collections.abc import Mapping

from alembic.util import CommandError
from sqlalchemy import Connection, text


def refuse_to_lose(conn: Connection, revision: str, lost: Mapping[str, str]) -> None:
    """See that a step back from a revision loses nothing.

    lost    what it would lose, in words -> the end of a query that finds a row of it: table, and condition if any.
    raises  CommandError, which `alembic downgrade` prints as one line.
    """
    for what, place in lost.items():
        if conn.execute(text(f"SELECT 1 FROM {place} LIMIT 1")).first():  # noqa: S608 - a migration's own words
            raise CommandError(f"no way back from {revision}: {what} would be lost; restore a backup instead")
