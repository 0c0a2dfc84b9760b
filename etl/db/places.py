"""Which article stands in which story, for comparing before and after; and which were compared by other rules."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, Engine, func, select

from etl.db.connect import reading
from etl.db.known import leave_to_count
from etl.db.rows import chunks
from etl.db.schema import article, matcher


def compared_otherwise(conn: Connection, matcher_name: str | None, since: datetime | None = None) -> list[int]:
    """Return the articles that another matcher compared last; without a name all, sorted.

    since  published, or where that is not known fetched, then or later. What is to be compared anyway counts always.
    """
    a = article.c
    wanted = select(a.article_id)
    if matcher_name is not None:
        of_today = select(matcher.c.matcher_id).where(matcher.c.name == matcher_name).scalar_subquery()
        wanted = wanted.where(a.match_pending | a.matcher_id.is_distinct_from(of_today))
    if since is not None:
        wanted = wanted.where(a.match_pending | (func.coalesce(a.published_at, a.fetched_at) >= since))
    return list(conn.scalars(wanted.order_by(a.article_id)))


def places(conn: Connection) -> dict[int, int]:
    """Return the story of each article that has one with others. An article by itself is its own story."""
    several = select(article.c.story_id).where(article.c.story_id.is_not(None))
    several = several.group_by(article.c.story_id).having(func.count() > 1)
    wanted = select(article.c.article_id, article.c.story_id).where(article.c.story_id.in_(several))
    return dict(conn.execute(wanted).tuples().all())


def headlines(engine: Engine, ids: Iterable[int]) -> dict[int, str | None]:
    """Return the headlines of articles."""
    found: dict[int, str | None] = {}
    with reading(engine) as conn:
        for part in chunks(sorted(set(ids))):
            wanted = select(article.c.article_id, article.c.headline).where(article.c.article_id.in_(part))
            found |= dict(conn.execute(wanted).tuples().all())
    return found


def recount(conn: Connection, ids: Iterable[int]) -> None:
    """Have the paragraphs of articles counted by the next matcher: they stand in other stories now."""
    leave_to_count(conn, (), ids)


def undo(conn: Connection) -> None:
    """Take back all that was done in the transaction."""
    conn.rollback()
