"""Rejected documents: which, why, how often; and that they were tried again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Engine, TableClause, func, or_, select, update

from etl.db import views
from etl.db.connect import reading, writing
from etl.db.read import Answer, answers
from etl.db.rows import chunks
from etl.db.schema import document, raw_body, rejection


@dataclass(frozen=True, slots=True)
class Rejects:
    """Which rejected documents. All that is given must hold."""

    stage: str | None = None
    reason: str | None = None
    source: str | None = None  # name; what could not be read has none
    uri: str | None = None  # part of it, as it stands
    since: datetime | None = None  # UTC; the run of the latest attempt began then or later
    run: int | None = None  # that refused it first or last
    least_attempts: int = 1


def rejects(engine: Engine, wanted: Rejects = Rejects(), limit: int | None = None) -> list[Answer]:
    """Return rows of v_rejected, by stage, reason and uri."""
    v = views.handle("v_rejected")
    query = select(v).where(*_conditions(v, wanted)).order_by(v.c.stage, v.c.reason, v.c.uri, v.c.sha256)
    return answers(engine, query.limit(limit))


def summary(engine: Engine, wanted: Rejects = Rejects()) -> list[Answer]:
    """Return how many documents were refused for each reason: stage, reason, documents, most attempts, an example."""
    v = views.handle("v_rejected")
    most, example = func.max(v.c.attempts).label("most_attempts"), func.min(v.c.uri).label("example")
    query = select(v.c.stage, v.c.reason, func.count().label("documents"), most, example)
    query = query.where(*_conditions(v, wanted)).group_by(v.c.stage, v.c.reason)
    return answers(engine, query.order_by(func.count().desc(), v.c.stage, v.c.reason))


def kept_rejects(engine: Engine, wanted: Rejects) -> tuple[int, ...]:
    """Return the documents of these whose bytes are still there, sorted: they can be tried again."""
    v = views.handle("v_rejected")
    kept = select(document.c.document_id).join(raw_body, raw_body.c.sha256 == document.c.sha256)
    kept = kept.join(v, (v.c.uri == document.c.uri) & (v.c.sha256 == document.c.sha256))
    with reading(engine) as conn:
        return tuple(conn.scalars(kept.where(*_conditions(v, wanted)).order_by(document.c.document_id)))


def stand_rejected_as(engine: Engine, reason: str, document_ids: Sequence[int]) -> bool:
    """Tell whether any of these documents was refused for a reason."""
    with reading(engine) as conn:
        for part in chunks(document_ids):
            found = select(rejection.c.rejection_id).where(rejection.c.reason == reason)
            if conn.execute(found.where(rejection.c.document_id.in_(part)).limit(1)).first():
                return True
    return False


def count_attempts(engine: Engine, run_id: int, document_ids: Sequence[int]) -> None:
    """Count an attempt of a run for the documents that still stand rejected; once, however often this is repeated."""
    with writing(engine) as conn:
        for part in chunks(document_ids):
            tried = update(rejection).where(rejection.c.document_id.in_(part), rejection.c.last_run_id < run_id)
            conn.execute(tried.values(attempts=rejection.c.attempts + 1, last_run_id=run_id))


def _conditions(v: TableClause, wanted: Rejects) -> Iterator[ColumnElement[bool]]:
    for name in ("stage", "reason", "source"):
        if (value := getattr(wanted, name)) is not None:
            yield v.c[name] == value
    if wanted.uri is not None:
        yield func.replace(v.c.uri, wanted.uri, "") != v.c.uri  # LIKE minds the case on one engine only
    if wanted.since is not None:
        yield v.c.last_rejected_at >= wanted.since
    if wanted.run is not None:
        yield or_(v.c.first_rejected_run == wanted.run, v.c.last_rejected_run == wanted.run)
    if wanted.least_attempts > 1:
        yield v.c.attempts >= wanted.least_attempts
