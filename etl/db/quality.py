"""What a run brought, as numbers, and the history of each source; the checks of a run as rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, Select, case, exists, func, insert, select

from etl.accounts import Check
from etl.db.connect import reading, writing
from etl.db.schema import article, article_author, document, quality_check, run, source
from etl.quality import DAYS, LEAST_DOCUMENTS, SHARES, Measured

HISTORY = 30  # checks of a source that are looked back on

_Q = quality_check.c


def measured(engine: Engine, run_id: int) -> list[Measured]:
    """Return what a run brought, by the name of the source; those without anything new that had some lately, too."""
    with reading(engine) as conn:
        at = conn.scalar(select(run.c.started_at).where(run.c.run_id == run_id))
        rows = {row.source_id: row for row in conn.execute(_brought(run_id))}
        days = _days(conn, run_id, at) if at else {}
        names = dict(conn.execute(select(source.c.source_id, source.c.name)).tuples().all())
        ids = sorted({*rows, *days}, key=lambda i: names[i])
        return [_one(conn, names[i], i, rows.get(i), days.get(i, [])) for i in ids]


def oversized_before(engine: Engine, run_id: int) -> int:
    """Return how many stories were above the alarm after the run before."""
    latest = select(_Q.value).where(_Q.metric == "oversized_stories", _Q.run_id < run_id)
    with reading(engine) as conn:
        return int(conn.scalar(latest.order_by(_Q.quality_check_id.desc()).limit(1)) or 0)


def save_checks(engine: Engine, run_id: int, checks: Sequence[Check]) -> None:
    """Keep the checks of a run."""
    if not checks:
        return
    with writing(engine) as conn:
        pairs = conn.execute(select(source.c.name, source.c.source_id)).tuples()
        ids: dict[str | None, int] = {**dict(pairs.all())}
        rows = [
            {
                "run_id": run_id,
                "source_id": ids.get(c.source),
                "metric": c.metric,
                "documents": c.documents,
                "value": c.value,
                "usual": c.usual,
                "alarm": c.alarm,
                "fresh": c.fresh,
            }
            for c in checks
        ]
        conn.execute(insert(quality_check), rows)


def _brought(run_id: int) -> Select[Any]:
    """Count the documents that a run stored first, by source."""
    written = exists().where(article_author.c.article_id == article.c.article_id)
    counts: dict[str, ColumnElement[bool]] = {
        "rejected": document.c.article_id.is_(None),
        "undated": article.c.article_id.is_not(None) & article.c.published_at.is_(None),
        "no_headline": article.c.article_id.is_not(None) & article.c.headline.is_(None),
        "no_author": article.c.article_id.is_not(None) & ~written,
    }
    columns = [func.sum(case((counts[name], 1), else_=0)).label(name) for name in SHARES]
    joined = select(document.c.source_id, func.count().label("documents"), *columns)
    joined = joined.outerjoin(article, article.c.article_id == document.c.article_id)
    return joined.where(document.c.run_id == run_id).group_by(document.c.source_id)


def _days(conn: Connection, run_id: int, at: datetime) -> dict[int, list[int]]:
    """Return what the sources brought in the 24 hours before a run, in those before that, and so on."""
    since = at - timedelta(days=DAYS + 1)
    found: dict[int, list[int]] = defaultdict(lambda: [0] * (DAYS + 1))
    earlier = select(_Q.source_id, run.c.started_at, _Q.documents).join(run, run.c.run_id == _Q.run_id)
    earlier = earlier.where(_Q.metric == "documents", run.c.started_at > since, run.c.started_at <= at)
    for source_id, started_at, documents in conn.execute(earlier.where(_Q.run_id != run_id)):
        found[source_id][(at - started_at) // timedelta(days=1)] += documents
    return found


def _one(conn: Connection, name: str, source_id: int, row: Row[Any] | None, days: Sequence[int]) -> Measured:
    history: dict[str, list[float]] = {metric: [] for metric in SHARES}
    alarmed: dict[str, bool] = {}
    latest = select(_Q.metric, _Q.value, _Q.documents, _Q.alarm).where(_Q.source_id == source_id)
    latest = latest.where(_Q.metric != "documents").order_by(_Q.quality_check_id.desc())
    for metric, value, documents, alarm in conn.execute(latest.limit(HISTORY * (len(SHARES) + 1))):
        alarmed.setdefault(metric, alarm)
        if metric in history and documents >= LEAST_DOCUMENTS:
            history[metric].append(value)
    brought = int(row.documents) if row else 0
    counts = {metric: int(getattr(row, metric)) for metric in SHARES} if row else {}
    days = [days[0] + brought, *days[1:]] if days else []
    return Measured(name, brought, counts, history, days, frozenset(m for m, alarm in alarmed.items() if alarm))
