"""Open a database, and say in one line why it cannot be used."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from etl.errors import DatabaseError, Transient, Unreachable

SQLITE_BUSY_MS = 30_000  # a batch takes well under a second, a large matching run some
OLDEST_POSTGRES = 15
_WRITING = "newsfold_writing"
_SQLITE_BUSY = {5, 6}  # SQLITE_BUSY, SQLITE_LOCKED; the low byte of an extended code
# Lost connection, serialisation failure, deadlock, lock not available, shutdown, too many clients.
_POSTGRES_BUSY = ("08", "40001", "40P01", "55P03", "57P01", "57P02", "57P03", "53300")
# What waiting does not mend. SQLite: read-only, input or output, corrupt, full, cannot be opened.
_SQLITE_UNUSABLE = {8, 10, 11, 13, 14}
_POSTGRES_DENIED = "42501"
_POSTGRES_UNUSABLE = ("53100", _POSTGRES_DENIED, "25006")  # full, no right to do it, read-only

# What the rest of the program calls an engine that it holds but never looks into.
Database: TypeAlias = Engine


def mask(url: str) -> str:
    """Return the address without its password; among its options it is left out."""
    try:
        address = make_url(url)
    except ArgumentError:
        return "(not a database address)"
    hidden = [name for name in address.query if "password" in name]
    return address.difference_update_query(hidden).render_as_string(hide_password=True)


def open_engine(url: str) -> Engine:
    """Return an engine that has been connected once.

    url     sqlite:///news.db, sqlite:////absolute/news.db, postgresql://user:password@host/name
    raises  DatabaseError: wrong address, no such folder, not a database, too old; Unreachable among it.
    """
    address = _address(url)
    try:
        engine = create_engine(address, **_options(address))
    except (NoSuchModuleError, ArgumentError):
        raise DatabaseError(f"{mask(url)}: use sqlite:///FILE or postgresql://USER@HOST/NAME") from None
    except ModuleNotFoundError as err:
        raise DatabaseError(f"{mask(url)}: needs {err.name}, install newsfold[postgres]") from None
    if address.get_backend_name() == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "connect", _prepare_postgres)
    try:
        _look(engine)
    except SQLAlchemyError as err:
        engine.dispose()
        kind = Unreachable if isinstance(err, DBAPIError) and is_transient(err) else DatabaseError
        raise kind(f"{mask(url)}: {_why(err, address)}") from None
    except DatabaseError:
        engine.dispose()
        raise
    return engine


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction that writes. On SQLite it takes the write lock first, so that it cannot fail half way.

    raises  Transient where the same may work in a moment: a lock, a deadlock, a lost connection.
    """
    with transient(), engine.connect().execution_options(**{_WRITING: True}) as conn, conn.begin():
        yield conn


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One transaction that reads. raises Transient as `writing` does."""
    with transient(), engine.connect() as conn:
        yield conn


@contextmanager
def transient() -> Iterator[None]:
    """Turn the errors of a driver that a moment may mend into Transient, and those of the place into DatabaseError."""
    try:
        yield
    except DBAPIError as err:
        if is_transient(err):
            raise Transient(first_line(err)) from err
        if _is_unusable(err):
            raise DatabaseError(f"the database cannot be used: {first_line(err)}; {_what_to_do(err)}") from err
        raise


def is_transient(err: DBAPIError) -> bool:
    """Tell whether the same statement may work in a moment."""
    if err.connection_invalidated:
        return True
    code = getattr(err.orig, "sqlite_errorcode", None)
    if code is not None:
        return code & 0xFF in _SQLITE_BUSY
    state = getattr(err.orig, "sqlstate", None)
    if state is None:  # PostgreSQL gives none when there is no connection; SQLite neither before it opens a file
        return type(err.orig).__module__.startswith("psycopg") and type(err.orig).__name__ == "OperationalError"
    return str(state).startswith(_POSTGRES_BUSY)


def _is_unusable(err: DBAPIError) -> bool:
    """Tell whether it is the place that is in the way, not the statement: a full disk, a file that is read-only."""
    code = getattr(err.orig, "sqlite_errorcode", None)
    if code is not None:
        return code & 0xFF in _SQLITE_UNUSABLE
    return str(getattr(err.orig, "sqlstate", None)) in _POSTGRES_UNUSABLE


def _what_to_do(err: DBAPIError) -> str:
    if str(getattr(err.orig, "sqlstate", None)) != _POSTGRES_DENIED:
        return "mend that and run again"
    return "newsfold_owner makes the tables (newsfold db upgrade), newsfold_loader uses them: see deploy/roles.sql"


def first_line(err: BaseException) -> str:
    """Return what a driver said, in one line and without the statement."""
    said = str(getattr(err, "orig", None) or err).strip()
    return said.splitlines()[0] if said else type(err).__name__


def _address(url: str) -> URL:
    try:
        address = make_url(url)
    except ArgumentError:
        raise DatabaseError(f"{mask(url)}: use sqlite:///FILE or postgresql://USER@HOST/NAME") from None
    if address.drivername in ("postgres", "postgresql"):
        return address.set(drivername="postgresql+psycopg")
    if address.drivername not in ("sqlite", "sqlite+pysqlite", "postgresql+psycopg"):
        raise DatabaseError(f"{mask(url)}: use sqlite:///FILE or postgresql://USER@HOST/NAME")
    return address


def _options(address: URL) -> dict[str, Any]:
    if address.get_backend_name() == "sqlite":
        return {"connect_args": {"timeout": SQLITE_BUSY_MS / 1000}}
    # Values stay out of error messages: they are other people's articles.
    return {"pool_pre_ping": True, "connect_args": {"connect_timeout": 10}, "hide_parameters": True}


def _look(engine: Engine) -> None:
    with engine.connect() as conn:
        if engine.dialect.name == "sqlite":
            conn.execute(text("select count(*) from sqlite_master"))
            return
        found: tuple[int, ...] = engine.dialect.server_version_info or ()
        if found < (OLDEST_POSTGRES,):
            shown = ".".join(map(str, found))
            raise DatabaseError(f"PostgreSQL {shown} is too old, newsfold needs {OLDEST_POSTGRES} or newer")


def _why(err: SQLAlchemyError, address: URL) -> str:
    if address.get_backend_name() == "sqlite" and address.database:
        path = Path(address.database)
        if not path.parent.is_dir():
            return f"the folder {path.parent} does not exist"
        if path.is_dir():
            return "is a folder, name a file in it"
    said = first_line(err)
    for password in (address.password, *(value for name, value in address.query.items() if "password" in name)):
        said = said.replace(str(password), "***") if password else said
    return said


def _prepare_sqlite(connection: DBAPIConnection, _record: object) -> None:
    connection.isolation_level = None  # transactions are begun by `_begin_sqlite`, DDL is part of them
    cursor = connection.cursor()
    cursor.execute(f"pragma busy_timeout = {SQLITE_BUSY_MS}")
    _use_wal(cursor)
    cursor.execute("pragma synchronous = normal")
    cursor.execute("pragma foreign_keys = on")
    cursor.execute("pragma cache_size = -32768")
    cursor.execute("pragma wal_autocheckpoint = 4000")
    cursor.execute("pragma temp_store = memory")
    cursor.close()


def _use_wal(cursor: DBAPICursor) -> None:
    """Switch to write-ahead logging. SQLite does not wait for this one by itself when others are at it too."""
    last = time.monotonic() + SQLITE_BUSY_MS / 1000
    while cursor.execute("pragma journal_mode").fetchone()[0] not in ("wal", "memory"):
        try:
            cursor.execute("pragma journal_mode = wal")
            return  # where a file system cannot share memory the answer is "delete", which works as well
        except Exception as err:
            if getattr(err, "sqlite_errorcode", 0) & 0xFF not in _SQLITE_BUSY or time.monotonic() > last:
                raise
            time.sleep(0.02)


def _begin_sqlite(conn: Connection) -> None:
    conn.exec_driver_sql("BEGIN IMMEDIATE" if conn.get_execution_options().get(_WRITING) else "BEGIN")


def _prepare_postgres(connection: DBAPIConnection, _record: object) -> None:
    before = connection.autocommit
    connection.autocommit = True
    connection.execute("set time zone 'UTC'")
    connection.autocommit = before
