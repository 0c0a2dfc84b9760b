"""Take articles out: what no document stands for any more. Their neighbours are matched again."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, delete, or_, select, update

from etl.db.children import counted, delete_children, remember_lost, stored_children
from etl.db.rows import chunks
from etl.db.schema import article, article_version, document, duplicate_pair, stale_article, story


def remove_orphans(conn: Connection, article_ids: Sequence[int]) -> int:
    """Remove those of the articles that no document is a text of; return how many."""
    orphans: list[int] = []
    for part in chunks(article_ids):
        named = select(document.c.document_id).where(document.c.article_id == article.c.article_id)
        wanted = select(article.c.article_id).where(article.c.article_id.in_(part), ~named.exists())
        orphans += conn.scalars(wanted.order_by(article.c.article_id))
    for part in chunks(orphans):
        _remove(conn, part)
    return len(orphans)


def _remove(conn: Connection, ids: list[int]) -> None:
    beside = _beside(conn, ids)
    stood = stored_children(conn, [*ids, *beside])
    remember_lost(conn, [hash_ for old in stood.values() for hash_ in counted(old.paragraphs, old.removed)])
    for part in chunks(beside):
        conn.execute(update(article).where(article.c.article_id.in_(part)).values(match_pending=True))
    led = article.c.story_id.in_(ids)
    conn.execute(update(article).where(or_(led, article.c.article_id.in_(ids))).values(story_id=None, role=None))
    conn.execute(delete(story).where(story.c.story_id.in_(ids)))
    pair = duplicate_pair.c
    conn.execute(delete(duplicate_pair).where(or_(pair.left_article_id.in_(ids), pair.right_article_id.in_(ids))))
    delete_children(conn, ids)
    for table in (article_version, stale_article, article):
        conn.execute(delete(table).where(table.c.article_id.in_(ids)))


def _beside(conn: Connection, ids: list[int]) -> list[int]:
    """Return the articles that share text or a story with those that go; without them their story may be another."""
    pair, mine = duplicate_pair.c, article.alias("mine")
    right = select(pair.right_article_id).where(pair.left_article_id.in_(ids))
    left = select(pair.left_article_id).where(pair.right_article_id.in_(ids))
    members = select(article.c.article_id).join(mine, mine.c.story_id == article.c.story_id)
    every = right.union(left, members.where(mine.c.article_id.in_(ids))).subquery()
    return sorted(set(conn.scalars(select(every.c[0]))) - set(ids))
