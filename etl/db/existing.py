"""Opening a database to read from it: it must be there, and have the schema of this program."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from etl.db.connect import mask, open_engine
from etl.db.upgrade import check_revision
from etl.errors import DatabaseError


def open_existing(url: str) -> Engine:
    """Return an engine for a database that is there; reading never makes one.

    raises  DatabaseError where there is none.
    """
    path = _file(url)
    if path is not None and not path.is_file():
        raise DatabaseError(f"{mask(url)}: no database there; newsfold ingest makes one, --db names another")
    return open_engine(url)


def open_current(url: str) -> Engine:
    """Return an engine for a database that is there and has the schema of this program.

    raises  DatabaseError where there is none, or it is older or newer: reading never migrates.
    """
    engine = open_existing(url)
    check_revision(engine)
    return engine


def _file(url: str) -> Path | None:
    """Return the file that an address of SQLite names; other addresses are for `open_engine` to judge."""
    try:
        address = make_url(url)
    except ArgumentError:
        return None
    named = address.get_backend_name() == "sqlite" and address.database not in (None, "", ":memory:")
    return Path(str(address.database)) if named else None
