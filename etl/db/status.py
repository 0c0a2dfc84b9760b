"""What a database holds, how its runs went, and what somebody should look at, in one answer that JSON can hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, Select, and_, func, or_, select

from etl.accounts import Check
from etl.db import views
from etl.db.connect import reading
from etl.db.read import Answer, count, count_members, oversized, plain, totals
from etl.db.rejections import summary
from etl.db.runs import gone_runs
from etl.db.schema import article, article_version, document, duplicate_pair, host, rejection, story
from etl.quality import told


def status(engine: Engine, most: int, runs: int = 5) -> Answer:
    """Return counts, the largest stories, the latest runs, the last run of each flow, and what is not as it should be.

    most   articles in a story above which it is looked at.
    runs   how many of the latest.
    """
    largest, large, rejected = totals(engine)[3], oversized(engine, most), summary(engine)
    with reading(engine) as conn:
        now = datetime.now(UTC)
        crashed = gone_runs(conn, now)
        return {
            **_counts(conn),
            "story_size_alarm": most,
            "oversized": large,
            "largest": [asdict(one) for one in largest],
            "alarms": _alarms(conn),
            "rejected": rejected,
            "sources": _sources_in_trouble(conn),
            "resting_hosts": _resting_hosts(conn, now),
            "crashed_runs": _crashed(conn) + len(crashed),
            "flows": _marked(plain(conn.execute(_last_of_each_flow()).mappings()), crashed),
            "runs": _marked(plain(conn.execute(_latest(runs)).mappings()), crashed),
        }


def _counts(conn: Connection) -> Answer:
    stories = count(conn, story)
    return {
        "documents": count(conn, document),
        "articles": count(conn, article),
        "stories": stories,
        "copies": count_members(conn) - stories,
        "versions": count(conn, article_version),
        "pairs": count(conn, duplicate_pair),
        "rejections": count(conn, rejection),
        "match_pending": conn.scalar(select(func.count()).where(article.c.match_pending)),
    }


def _alarms(conn: Connection) -> list[Answer]:
    """Return the checks that are alarms, of the latest of each measure of each source."""
    v = views.handle("v_quality")
    latest = select(v.c.source, v.c.metric, func.max(v.c.run_id).label("run_id")).group_by(v.c.source, v.c.metric)
    last = latest.subquery()
    same = and_(
        v.c.metric == last.c.metric, v.c.run_id == last.c.run_id, v.c.source.is_not_distinct_from(last.c.source)
    )
    found = plain(conn.execute(select(v).join(last, same).where(v.c.alarm).order_by(v.c.source, v.c.metric)).mappings())
    checked = ("source", "metric", "documents", "value", "usual")
    return [row | {"message": told(Check(**{name: row[name] for name in checked}))} for row in found]


def _sources_in_trouble(conn: Connection) -> list[Answer]:
    """Return the rows of v_sources that are polled and not well, or switched off."""
    v = views.handle("v_sources")
    ill = or_(v.c.health.not_in(("new", "ok")), v.c.failures_in_a_row > 0, ~v.c.enabled)
    return plain(conn.execute(select(v).where(v.c.url.is_not(None), ill).order_by(v.c.name)).mappings())


def _resting_hosts(conn: Connection, now: datetime) -> list[Answer]:
    """Return the hosts that asked to be left alone, and until when."""
    held = select(host.c.name, host.c.held_until_ms).where(host.c.held_until_ms > now.timestamp() * 1000)
    rows = conn.execute(held.order_by(host.c.name)).tuples()
    return plain({"host": name, "until": datetime.fromtimestamp(ms / 1000, UTC)} for name, ms in rows)


def _crashed(conn: Connection) -> int:
    v = views.handle("v_runs")
    return count(conn, select(v.c.run_id).where(v.c.status == "crashed").subquery())


def _latest(runs: int) -> Select[Any]:
    v = views.handle("v_runs")
    return select(v).order_by(v.c.run_id.desc()).limit(runs)


def _last_of_each_flow() -> Select[Any]:
    v = views.handle("v_runs")
    last = select(func.max(v.c.run_id)).group_by(v.c.flow)
    return select(v).where(v.c.run_id.in_(last)).order_by(v.c.flow)


def _marked(rows: list[Answer], gone: Sequence[int]) -> list[Answer]:
    """Call crashed what the next run would find so: its process is gone."""
    return [row | {"status": "crashed"} if row["run_id"] in gone else row for row in rows]
