"""Rows of the views, as a stream: a reader of a million articles holds a few hundred of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Engine, Select, TableClause, select

from etl.db import views
from etl.db.connect import reading
from etl.errors import InputError

BATCH = 500  # rows in memory at the same time

Kind = Literal["text", "integer", "number", "boolean", "time", "json"]

_INTEGERS = ("_count", "_id", "_position", "_run", "_seconds")
_INTEGER_NAMES = (
    *("copies", "versions", "version", "text_hash", "position", "times", "articles", "documents", "shared_paragraphs"),
    *("words_added", "words_removed", "attempts", "failures", "failures_in_a_row", "silent_for"),
    *("items_seen", "items_now", "items_pending", "first_rejected_run", "last_rejected_run"),
)
_TEXTS = ("external_id",)
_NUMBERS = ("jaccard", "containment", "coverage", "similarity", "seconds", "value", "usual", "items_usual")
# The columns by which rows of a view are told apart, and its time and publisher where it has them.
_ORDER = ("run_id", "story_id", "article_id", "left_article_id", "right_article_id", "position", "left_position")
_ORDER_ALSO = ("right_position", "version", "text_hash", "uri", "sha256", "name", "source", "metric")
_TIMES = ("published_at", "first_published_at", "version_at", "fetched_at", "started_at", "checked_at", "last_ok_at")
_PUBLISHERS = ("publisher", "lead_publisher")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is exported."""

    view: str = "v_articles"
    since: datetime | None = None  # UTC, of the time of the view; rows without one are left out then
    until: datetime | None = None  # UTC, and before it
    publisher: str | None = None
    leads_only: bool = False


def columns(view: str) -> dict[str, Kind]:
    """Return the columns of a view with what they hold. raises InputError where there is no such view."""
    handle = _handle(view)
    return {column.name: _kind(column.name, type(column.type).__name__) for column in handle.c}


@contextmanager
def rows(engine: Engine, wanted: Wanted) -> Iterator[Iterator[Mapping[str, Any]]]:
    """Give the rows of a view one by one, in an order that does not change while the rows do not.

    raises  InputError where there is no such view, or it has no time, publisher or leads to go by.
    """
    query = _query(wanted)
    with reading(engine) as conn:
        yield _stream(conn, query)


def _stream(conn: Connection, query: Select[Any]) -> Iterator[Mapping[str, Any]]:
    streamed = conn.execution_options(yield_per=BATCH).execute(query).mappings()
    for row in streamed:
        yield dict(row)


def _query(wanted: Wanted) -> Select[Any]:
    v = _handle(wanted.view)
    query = select(v).order_by(*(v.c[name] for name in (*_ORDER, *_ORDER_ALSO) if name in v.c))
    if wanted.since or wanted.until:
        time = _first(v, _TIMES, "since and until")
        query = query.where(time >= wanted.since) if wanted.since else query
        query = query.where(time < wanted.until) if wanted.until else query
    if wanted.publisher is not None:
        query = query.where(_first(v, _PUBLISHERS, "a publisher") == wanted.publisher)
    if wanted.leads_only:
        query = query.where(_first(v, ("role",), "leads") == "lead")
    return query


def _first(v: TableClause, names: tuple[str, ...], what: str) -> Any:  # noqa: ANN401 - a column of any type
    found = next((v.c[name] for name in names if name in v.c), None)
    if found is None:
        raise InputError(f"{v.name} cannot be narrowed by {what}: it has no column for it")
    return found


def _handle(view: str) -> TableClause:
    names = [one.name for one in views.VIEWS]
    if view not in names:
        raise InputError(f"{view}: no such view; there are {', '.join(names)}")
    return views.handle(view)


def _kind(name: str, declared: str) -> Kind:
    """Say what a column holds: views have no types of their own on SQLite."""
    typed: dict[str, Kind] = {"UtcDateTime": "time", "Boolean": "boolean", "JSON": "json", "Variant": "json"}
    if declared in typed:
        return typed[declared]
    if name in _NUMBERS:
        return "number"
    integer = name in _INTEGER_NAMES or name.endswith(_INTEGERS) or (name == "publishers")
    return "integer" if integer and name not in _TEXTS else "text"
