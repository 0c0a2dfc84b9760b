"""The rows of `source`: what the user wants polled, and what is remembered of it from poll to poll."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, delete, exists, select, update

from etl.db.connect import reading, writing
from etl.db.prepare import storable
from etl.db.rows import insert
from etl.db.schema import document, source, source_item
from etl.db.views import handle
from etl.schedule import FIRST_S, SourceState

_STATE = tuple(each.name for each in fields(SourceState))
_WANTED = ("kind", "url", "interval_seconds", "allow")


@dataclass(frozen=True, slots=True)
class NewsSource:
    """What a user says of a source."""

    name: str
    kind: str  # feed, sitemap, page, folder, or a format of files
    url: str  # or a path
    interval_seconds: int | None = None  # None: by how often it changes
    allow: tuple[str, ...] = ()  # hosts whose pages may be read; empty: all


@dataclass(frozen=True, slots=True)
class StoredSource:
    """A source as it stands in the database."""

    source_id: int
    wanted: NewsSource
    state: SourceState
    parts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # of a sitemap index


def put_sources(engine: Engine, wanted: Sequence[NewsSource]) -> tuple[list[str], list[str]]:
    """Add sources, or change those of the same name; return the names of either. What is remembered stays.

    A source that gets another address is new: what was remembered of the old one says nothing of it.
    """
    added, changed = list[str](), list[str]()
    with writing(engine) as conn:
        for one in wanted:
            row: dict[str, Any] = {"kind": one.kind, "url": storable(one.url), "interval_seconds": one.interval_seconds}
            row["allow"] = list(one.allow) or None
            before = conn.execute(select(source).where(source.c.name == one.name)).mappings().first()
            if before is None:
                conn.execute(insert(conn, source).values(name=storable(one.name), **row))
                added.append(one.name)
            elif any(before[name] != row[name] for name in _WANTED):
                fresh = {} if before["url"] == row["url"] else _row(SourceState()) | {"parts": None}
                conn.execute(update(source).where(source.c.name == one.name).values(**row, **fresh))
                changed.append(one.name)
    return added, changed


def polled_sources(engine: Engine, names: Collection[str] = ()) -> list[StoredSource]:
    """Return the sources that can be polled, by name: those named, else all that are enabled."""
    query = select(source).where(source.c.url.is_not(None)).order_by(source.c.name)
    query = query.where(source.c.name.in_(names)) if names else query.where(source.c.enabled)
    with reading(engine) as conn:
        return [_stored(row) for row in conn.execute(query).mappings()]


def described_sources(engine: Engine) -> list[dict[str, Any]]:
    """Return the rows of v_sources, by name."""
    view = handle("v_sources")
    with reading(engine) as conn:
        rows = conn.execute(select(view).order_by(view.c.name)).mappings()
        return [{**row, "enabled": bool(row["enabled"])} for row in rows]


def set_enabled(engine: Engine, name: str, enabled: bool) -> bool:
    """Switch the polling of a source on or off; return whether there is one of that name."""
    with writing(engine) as conn:
        return conn.execute(update(source).where(source.c.name == name).values(enabled=enabled)).rowcount == 1


def remove_source(engine: Engine, name: str) -> bool | None:
    """Take a source off the list; return whether its row is gone too, None where there is none of that name.

    A row that documents refer to stays, as adhoc: it says where they came from.
    """
    with writing(engine) as conn:
        key = conn.scalar(select(source.c.source_id).where(source.c.name == name))
        if key is None:
            return None
        conn.execute(delete(source_item).where(source_item.c.source_id == key))
        if not conn.scalar(select(exists().where(document.c.source_id == key))):
            conn.execute(delete(source).where(source.c.source_id == key))
            return True
        bare = {"kind": "adhoc", "url": None, "interval_seconds": None, "allow": None, "parts": None, "enabled": True}
        conn.execute(update(source).where(source.c.source_id == key).values(**bare, **_row(SourceState())))
        return False


def save_states(conn: Connection, states: Mapping[int, SourceState]) -> None:
    """Write what is to be remembered of sources, by source_id."""
    for key, state in sorted(states.items()):
        conn.execute(update(source).where(source.c.source_id == key).values(_row(state)))


def save_parts(conn: Connection, source_id: int, parts: Mapping[str, Mapping[str, str]]) -> None:
    """Write what is known of the sitemaps of an index."""
    conn.execute(
        update(source).where(source.c.source_id == source_id).values(parts={k: dict(v) for k, v in parts.items()})
    )


def _row(state: SourceState) -> dict[str, Any]:
    row = {name: getattr(state, name) for name in _STATE}
    texts = {name: storable(value) for name, value in row.items() if isinstance(value, str)}
    return row | texts


def _stored(row: RowMapping) -> StoredSource:
    wanted = NewsSource(row["name"], row["kind"], row["url"], row["interval_seconds"], tuple(row["allow"] or ()))
    state = SourceState(**{name: row[name] for name in _STATE} | {"wait_seconds": row["wait_seconds"] or FIRST_S})
    return StoredSource(row["source_id"], wanted, state, row["parts"] or {})
