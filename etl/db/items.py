"""The rows of `source_item`: which items of which lists were seen, and which of them are still to be done.

An item is remembered together with the state of its source, and is done only when its document is stored. So a
poll that is killed loses nothing: the next one goes on with what is pending.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Connection, Engine, and_, bindparam, func, or_, select, update

from etl.db.connect import reading
from etl.db.prepare import storable
from etl.db.rows import chunks, insert_new
from etl.db.schema import source, source_item

DONE, PENDING, ELSEWHERE = "done", "pending", "elsewhere"


class Listed(Protocol):
    """An item as a list has it; see `etl.polling.entries.Entry`."""

    @property
    def key(self) -> str: ...
    @property
    def url_hash(self) -> str | None: ...
    @property
    def revision(self) -> str: ...
    @property
    def record(self) -> dict[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Item:
    """An item that is to be done."""

    item_id: int
    source: str  # name
    list_url: str
    allow: tuple[str, ...]
    url: str | None
    record: Mapping[str, Any]
    tries: int


@dataclass(frozen=True, slots=True)
class Ended:
    """What became of an item."""

    item_id: int
    state: str  # done, or pending where it is to be tried again
    note: str | None = None  # why its page could not be had
    tries: int = 0
    retry_at: datetime | None = None


def remember(conn: Connection, source_id: int, entries: Iterable[Listed], now: datetime) -> tuple[int, int]:
    """Write the items of a list that are new, or say something else than before; return how many of either.

    A page that another source lists too is read for the one that listed it first.
    """
    wanted = {entry.key: entry for entry in entries}
    known = _known(conn, source_id, list(wanted))
    taken = _taken(conn, [e.url_hash for k, e in wanted.items() if k not in known and e.url_hash])
    new, changed = list[dict[str, Any]](), list[dict[str, Any]]()
    for key, entry in wanted.items():
        if key not in known:
            elsewhere = entry.url_hash in taken
            new.append(
                {
                    "source_id": source_id,
                    "item_key": key,
                    "url_hash": entry.url_hash,
                    "revision": entry.revision,
                    "record": None if elsewhere else entry.record,
                    "state": ELSEWHERE if elsewhere else PENDING,
                    "tries": 0,
                    "first_seen_at": now,
                }
            )
            taken |= {entry.url_hash} - {None}
        elif known[key] != entry.revision:
            changed.append({"key": key, "new_revision": entry.revision, "new_record": entry.record})
    for part in chunks(new):  # in the order of the list, which is the order in which their pages are read
        insert_new(conn, source_item, part)
    if changed:
        statement = update(source_item).where(
            source_item.c.source_id == source_id, source_item.c.item_key == bindparam("key")
        )
        renewed: dict[str, Any] = {"revision": bindparam("new_revision"), "record": bindparam("new_record")}
        conn.execute(statement.values(**renewed, state=PENDING, tries=0, retry_at=None, note=None), changed)
    return len(new), len(changed)


def pending_items(
    engine: Engine, now: datetime | None, names: Collection[str] = (), most: int | None = None
) -> list[int]:
    """Return the items that are to be done, those of one source in a row, in the order they were listed.

    now   only those that may be tried by then; None: all.
    most  of each source.
    """
    place = func.row_number().over(partition_by=source_item.c.source_id, order_by=source_item.c.source_item_id)
    query = select(source_item.c.source_item_id, source_item.c.source_id, place.label("place")).join(source)
    query = query.where(source_item.c.state == PENDING)
    query = query.where(source.c.name.in_(names)) if names else query.where(source.c.enabled)
    if now is not None:
        query = query.where(or_(source_item.c.retry_at.is_(None), source_item.c.retry_at <= now))
    due = query.subquery()
    wanted = select(due.c.source_item_id).order_by(due.c.source_id, due.c.source_item_id)
    with reading(engine) as conn:
        return list(conn.scalars(wanted if most is None else wanted.where(due.c.place <= most)))


def items(engine: Engine, ids: Sequence[int]) -> list[Item]:
    """Return those of the items that are still to be done."""
    query = select(source_item, source.c.name, source.c.url, source.c.allow).join(source)
    found = list[Item]()
    with reading(engine) as conn:
        for part in chunks(ids):
            wanted = and_(source_item.c.source_item_id.in_(part), source_item.c.state == PENDING)
            for row in conn.execute(query.where(wanted).order_by(source_item.c.source_item_id)).mappings():
                record = row["record"] or {}
                found.append(
                    Item(
                        row["source_item_id"],
                        row["name"],
                        row["url"],
                        tuple(row["allow"] or ()),
                        record.get("url"),
                        record,
                        row["tries"],
                    )
                )
    return found


def end_items(conn: Connection, ended: Sequence[Ended], now: datetime) -> None:
    """Write what became of items: in the transaction that stores their documents."""
    one = update(source_item).where(source_item.c.source_item_id == bindparam("id"))
    noted = one.values(note=bindparam("new_note"))
    rows: list[tuple[Ended, dict[str, Any]]] = [
        (e, {"id": e.item_id, "new_note": e.note and storable(e.note)}) for e in ended
    ]
    done = [row for e, row in rows if e.state == DONE]
    again = [row | {"new_tries": e.tries, "at": e.retry_at} for e, row in rows if e.state != DONE]
    if done:
        conn.execute(noted.values(state=DONE, record=None, retry_at=None, done_at=now), done)
    if again:
        conn.execute(noted.values(tries=bindparam("new_tries"), retry_at=bindparam("at")), again)


def _known(conn: Connection, source_id: int, keys: Sequence[str]) -> dict[str, str]:
    """Return the revision of those items of a source that are known."""
    found: dict[str, str] = {}
    for part in chunks(keys):
        query = select(source_item.c.item_key, source_item.c.revision).where(
            source_item.c.source_id == source_id, source_item.c.item_key.in_(part)
        )
        found |= dict(conn.execute(query).tuples().all())
    return found


def _taken(conn: Connection, hashes: Sequence[str]) -> set[str | None]:
    """Return those addresses that some source lists already."""
    found: set[str | None] = set()
    for part in chunks(sorted(set(hashes))):
        found |= set(conn.scalars(select(source_item.c.url_hash).where(source_item.c.url_hash.in_(part)).distinct()))
    return found
