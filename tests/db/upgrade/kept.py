"""Databases that earlier versions made, as files of rows: kept with the code of their day, filled in again on any engine.

A new one, where a migration lands: take a checkout of the version before, load a few documents of the sample into a
SQLite file with it, in a folder that tells nothing of the machine, and keep the rows:

    newsfold ingest /srv/newsfold/inbox --direct --db sqlite:////srv/newsfold/newsfold.db
    python -m tests.db.upgrade.kept /srv/newsfold/newsfold.db tests/db/upgrade
"""

from __future__ import annotations

import base64
import gzip
import json
import sqlite3
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    DateTime,
    MetaData,
    Table,
    TypeDecorator,
    inspect,
    text,
)

FOLDER = Path(__file__).parent
SEARCH = "article_fts"  # an index of its own tables, on SQLite; it is made of the articles

Rows = dict[str, list[dict[str, Any]]]


def keep(database: Path, folder: Path) -> Path:
    """Write all rows of a SQLite file to a file that is named by its revision; return it."""
    with closing(sqlite3.connect(database)) as db:
        db.row_factory = sqlite3.Row
        names = [row["name"] for row in db.execute("select name from sqlite_master where type = 'table' order by name")]
        tables = (name for name in names if not name.startswith((SEARCH, "sqlite_", "alembic_")))
        rows = {name: [_plain(row) for row in db.execute(f"select * from {name}")] for name in tables}
        [revision] = db.execute("select version_num from alembic_version").fetchone()
    for run in rows["run"]:
        if run.get("process"):
            run["process"] = "loader 7 1 x"  # nobody's machine
    path = folder / f"{revision}.json.gz"
    said = json.dumps({name: found for name, found in rows.items() if found}, ensure_ascii=False)
    path.write_bytes(gzip.compress(said.encode(), mtime=0))
    return path


def kept(revision: str) -> Rows:
    """Return the rows of a database of a revision, by table."""
    return json.loads(gzip.decompress((FOLDER / f"{revision}.json.gz").read_bytes()))


def revisions() -> list[str]:
    return sorted(path.name.split(".")[0] for path in FOLDER.glob("*.json.gz"))


def fill(conn: Connection, rows: Rows) -> None:
    """Put rows into the tables of an empty database of their revision."""
    found = MetaData()
    tables = {name: Table(name, found, autoload_with=conn, resolve_fks=False) for name in rows}
    if conn.dialect.name == "sqlite":
        conn.execute(text("PRAGMA defer_foreign_keys = on"))
    else:
        conn.execute(text("SET LOCAL session_replication_role = replica"))  # rows may refer to later ones
    for name, table in tables.items():
        conn.execute(table.insert(), [{k: value(table.c[k], v) for k, v in row.items()} for row in rows[name]])
    if conn.dialect.name == "sqlite":
        conn.execute(text(f"INSERT INTO {SEARCH} ({SEARCH}) VALUES ('rebuild')"))
    else:
        for name, table in tables.items():
            _go_on_counting(conn, name, table)


def value(column: Column[Any], kept_value: Any) -> Any:
    """Return a kept value as a column of either engine takes and gives it."""
    if isinstance(kept_value, dict) and set(kept_value) == {"base64"}:
        return base64.b64decode(kept_value["base64"])
    kind = column.type.impl if isinstance(column.type, TypeDecorator) else column.type
    if kept_value is None:
        return None
    if isinstance(kind, JSON):
        return json.loads(kept_value)
    if isinstance(kind, DateTime):
        at = datetime.fromisoformat(kept_value)
        return at if at.tzinfo else at.replace(tzinfo=UTC)
    return bool(kept_value) if isinstance(kind, Boolean) else kept_value


def _plain(row: sqlite3.Row) -> dict[str, Any]:
    return {k: {"base64": base64.b64encode(v).decode()} if isinstance(v, bytes) else v for k, v in dict(row).items()}


def _go_on_counting(conn: Connection, name: str, table: Table) -> None:
    """Let PostgreSQL number the next row after those that came with a number."""
    for key in inspect(conn).get_pk_constraint(name)["constrained_columns"]:
        if counter := conn.scalar(text("select pg_get_serial_sequence(:t, :c)"), {"t": name, "c": key}):
            conn.execute(text(f"select setval('{counter}', (select max({key}) from {name}))"))


if __name__ == "__main__":
    print(keep(Path(sys.argv[1]), Path(sys.argv[2])))
