"""The rows of a query on any database: a source like a file of records."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping

from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from etl.db.connect import first_line, mask
from etl.errors import InputError

_ROWS = 100  # fetched at a time: each may have a page in it


def query_rows(url: str, query: str) -> Iterator[Mapping[str, object]]:
    """Yield the rows of a query, by the names of their columns. Whatever it does is rolled back.

    raises  InputError: no such database, a query that it refuses or that has no rows to return.
    """
    try:
        yield from _rows(make_url(url), query)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError):
        raise InputError(f"{mask(url)}: no database that SQLAlchemy can open with what is installed") from None
    except SQLAlchemyError as err:
        raise InputError(f"{mask(url)}: {first_line(err)}") from None


def query_address(url: str, query: str) -> str:
    """Return what the rows of a query go by: the database, without user and password, and a hash of the query.

    raises  InputError for what is no address.
    """
    try:
        full = make_url(url)
    except ArgumentError:
        raise InputError(f"{mask(url)}: use an address such as postgresql+psycopg://USER@HOST/NAME") from None
    shown = URL.create(full.get_backend_name(), host=full.host, port=full.port, database=full.database)
    digest = hashlib.sha256(" ".join(query.split()).encode()).hexdigest()[:12]
    return f"{shown.render_as_string()}?query={digest}"


def _rows(url: URL, query: str) -> Iterator[Mapping[str, object]]:
    engine = create_engine(url, hide_parameters=True)
    try:
        with engine.connect() as conn:
            rows = conn.execution_options(yield_per=_ROWS).execute(text(query))
            if not rows.returns_rows:
                raise InputError("--query: expected a SELECT, which returns rows")
            for row in rows:
                yield row._asdict()
            conn.rollback()
    finally:
        engine.dispose()
