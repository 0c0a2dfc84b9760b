"""What the page about a database shows, read in one transaction: all of it is one state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, RowMapping, func, select, text

from etl.db import views
from etl.db.connect import mask, reading

RUNS, STORIES, COPIES, RULES, REASONS = 20, 15, 12, 25, 20  # rows shown
CHECKS = 40  # points of a curve
EXAMPLE = 160  # characters

Rows = Sequence[RowMapping]


@dataclass(frozen=True, slots=True)
class Story:
    """A story with its copies."""

    story: RowMapping  # row of v_stories
    copies: Rows  # of v_copies, with headline, publisher and url


@dataclass(frozen=True, slots=True)
class Overview:
    """The database at one moment."""

    database: str  # address, without password
    counts: Mapping[str, int]
    runs: Rows  # the latest first
    sources: Rows
    rejections: Rows  # stage, reason, documents, example
    rules: Rows  # rule, blocks, example
    relations: Rows  # relation, pairs
    stories: Sequence[Story]  # the largest first
    curves: Mapping[str, Mapping[str, Rows]]  # source -> metric -> value, alarm; the oldest first


def overview(engine: Engine) -> Overview:
    """Read it."""
    with reading(engine) as conn:
        v = {view.name: views.handle(view.name) for view in views.VIEWS}
        runs = select(v["v_runs"]).order_by(v["v_runs"].c.run_id.desc()).limit(RUNS)
        return Overview(
            mask(engine.url.render_as_string(hide_password=False)),
            _counts(conn),
            conn.execute(runs).mappings().all(),
            conn.execute(select(v["v_sources"]).order_by(v["v_sources"].c.name)).mappings().all(),
            conn.execute(text(_REASONS)).mappings().all(),
            conn.execute(text(_RULES)).mappings().all(),
            conn.execute(text(_RELATIONS)).mappings().all(),
            _stories(conn),
            _curves(conn),
        )


_REASONS = f"""
    SELECT stage, reason, count(*) AS documents, min(uri) AS example FROM rejection
    GROUP BY stage, reason ORDER BY count(*) DESC, stage, reason LIMIT {REASONS}
"""  # noqa: S608
_RULES = f"""
    SELECT rule, count(*) AS blocks, count(DISTINCT article_id) AS articles, substr(min(text), 1, {EXAMPLE}) AS example
    FROM removed_block GROUP BY rule ORDER BY count(*) DESC, rule LIMIT {RULES}
"""  # noqa: S608
_RELATIONS = "SELECT relation, count(*) AS pairs FROM duplicate_pair GROUP BY relation ORDER BY count(*) DESC, relation"
_COUNTED = {
    "documents": "document",
    "articles": "article",
    "stories": "story",
    "earlier texts": "article_version",
    "pairs": "duplicate_pair",
    "rejected": "rejection",
}


def _counts(conn: Connection) -> dict[str, int]:
    counts = {name: int(conn.scalar(text(f"SELECT count(*) FROM {t}")) or 0) for name, t in _COUNTED.items()}  # noqa: S608
    members = int(conn.scalar(text("SELECT count(*) FROM article WHERE story_id IS NOT NULL")) or 0)
    return counts | {"copies": members - counts["stories"]}


def _stories(conn: Connection) -> list[Story]:
    s, c, a = views.handle("v_stories"), views.handle("v_copies"), views.handle("v_articles")
    largest = select(s).where(s.c.copies > 0).order_by(s.c.copies.desc(), s.c.story_id).limit(STORIES)
    found = []
    for story in conn.execute(largest).mappings().all():
        columns = (c.c.relation, c.c.containment, a.c.publisher, a.c.url, a.c.uri, a.c.headline, a.c.published_at)
        joined = select(*columns).join_from(c, a, a.c.article_id == c.c.article_id)
        mine = joined.where(c.c.story_id == story["story_id"]).order_by(a.c.published_at.nulls_last(), a.c.article_id)
        found.append(Story(story, conn.execute(mine.limit(COPIES)).mappings().all()))
    return found


def _curves(conn: Connection) -> dict[str, dict[str, Rows]]:
    q = views.handle("v_quality").c
    place = func.row_number().over(partition_by=[q.source, q.metric], order_by=q.run_id.desc()).label("place")
    ranked = (
        select(q.source, q.metric, q.run_id, q.value, q.usual, q.alarm, place).where(q.source.is_not(None)).subquery()
    )
    latest = select(ranked).where(ranked.c.place <= CHECKS).order_by(ranked.c.source, ranked.c.metric, ranked.c.run_id)
    found: dict[str, dict[str, list[RowMapping]]] = {}
    for row in conn.execute(latest).mappings():
        found.setdefault(row["source"], {}).setdefault(row["metric"], []).append(row)
    return {source: dict(metrics) for source, metrics in found.items()}
