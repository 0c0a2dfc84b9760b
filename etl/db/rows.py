"""Many rows at once: looked up in chunks, inserted in bulk, in the fastest way each engine has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import BigInteger, Column, Connection, MetaData, Select, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError

Item = TypeVar("Item")
Row = dict[str, Any]

CHUNK = 1000  # values in one IN list; SQLite takes 32,766 parameters, PostgreSQL 65,535

# A set of article ids to join with, private to the connection.
chosen = Table("chosen", MetaData(), Column("article_id", BigInteger, primary_key=True), prefixes=["TEMPORARY"])


def chunks(items: Iterable[Item], size: int = CHUNK) -> Iterator[list[Item]]:
    """Cut a sequence into lists of at most `size`."""
    rest = iter(items)
    while part := list(islice(rest, size)):
        yield part


def insert(conn: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """Return an INSERT of this engine's dialect, which knows ON CONFLICT."""
    return postgresql.insert(table) if conn.dialect.name == "postgresql" else sqlite.insert(table)


def insert_new(conn: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows whose natural key is not there yet. Sorted by it, no two writers wait for each other."""
    if rows:
        conn.execute(insert(conn, table).on_conflict_do_nothing(), rows)


def ids_by_name(conn: Connection, table: Table, names: Iterable[str]) -> dict[str, int]:
    """Return the key of each name, after adding those that are new."""
    wanted = sorted(set(names))
    found = _ids(conn, table, wanted)
    missing = [name for name in wanted if name not in found]
    insert_new(conn, table, [{"name": name} for name in missing])
    return found | _ids(conn, table, missing)


def _ids(conn: Connection, table: Table, names: list[str]) -> dict[str, int]:
    [key] = table.primary_key.columns
    found: dict[str, int] = {}
    for part in chunks(names):
        found |= dict(conn.execute(Select(table.c.name, key).where(table.c.name.in_(part))).tuples().all())
    return found


def bulk_insert(conn: Connection, table: Table, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert plain values (numbers, text, bytes, null) as they are: COPY on PostgreSQL, executemany on SQLite.

    Measured on 68,000 narrow rows: a third of the time that dicts through Core take on SQLite, a tenth on PostgreSQL.
    """
    if not rows:
        return
    listed = ", ".join(columns)
    if conn.dialect.name == "sqlite":
        _execute_many(conn, f"INSERT INTO {table.name} ({listed}) VALUES ({_marks(columns)})", rows)  # noqa: S608
        return
    statement = f"COPY {table.name} ({listed}) FROM STDIN"
    driver: Any = conn.connection.driver_connection
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
    except conn.dialect.loaded_dbapi.Error as err:
        raise DBAPIError.instance(statement, None, err, conn.dialect.loaded_dbapi.Error, dialect=conn.dialect) from err


def bulk_replace(
    conn: Connection, table: Table, key: Sequence[str], columns: Sequence[str], rows: Sequence[tuple[Any, ...]]
) -> None:
    """Insert plain values, in place of the row that has the same key. JSON is given as text."""
    renewed = ", ".join(f"{name} = excluded.{name}" for name in columns if name not in key)
    conflict = f"ON CONFLICT ({', '.join(key)}) DO UPDATE SET {renewed}"
    _execute_many(conn, f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES ({_marks(columns)}) {conflict}", rows)  # noqa: S608


def bulk_update(
    conn: Connection, table: Table, key: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]
) -> None:
    """Set plain values by key, which stands last in each row."""
    values = ", ".join(f"{name} = ?" for name in columns)
    _execute_many(conn, f"UPDATE {table.name} SET {values} WHERE {key} = ?", rows)  # noqa: S608


def bulk_delete(conn: Connection, table: Table, key: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Delete rows by key. A list of pairs in one IN would have SQLite read the whole table."""
    named = " AND ".join(f"{name} = ?" for name in key)
    _execute_many(conn, f"DELETE FROM {table.name} WHERE {named}", rows)  # noqa: S608


def _marks(columns: Sequence[str]) -> str:
    return ", ".join("?" * len(columns))


def _execute_many(conn: Connection, statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Execute a statement with `?` for each value, for each row."""
    if rows:
        marked = statement if conn.dialect.name == "sqlite" else statement.replace("?", "%s")
        conn.exec_driver_sql(marked, list(rows))


@contextmanager
def choose(conn: Connection, ids: Iterable[int]) -> Iterator[Table]:
    """Put article ids into the temporary table `chosen` for the time of a query."""
    chosen.create(conn)
    bulk_insert(conn, chosen, ["article_id"], [(i,) for i in sorted(set(ids))])
    if conn.dialect.name == "postgresql":
        conn.exec_driver_sql("ANALYZE chosen")
    yield chosen
    chosen.drop(conn)  # after an error the transaction is rolled back, and the table with it
