"""Articles that were cleaned before their site was known as it is known now: marked, and cleaned again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, Engine, delete, select, text

from etl.db.connect import reading
from etl.db.rows import choose, chunks
from etl.db.schema import stale_article

# Everywhere CROSS JOIN with a condition: SQLite then keeps the order of the tables, and begins with the few.
# Texts that hold a paragraph whose standing has turned, kept or removed. Kept ones count in both directions: a
# text may keep what is known, where it would lose more than it keeps.
_HOLDING = """
    SELECT a.article_id
    FROM turned t CROSS JOIN paragraph p CROSS JOIN article a
    WHERE p.text_hash = t.text_hash AND a.article_id = p.article_id AND a.publisher_id = t.publisher_id
    UNION
    SELECT a.article_id
    FROM turned t CROSS JOIN removed_block r CROSS JOIN article a
    WHERE r.text_hash = t.text_hash AND r.rule = 'known'
        AND a.article_id = r.article_id AND a.publisher_id = t.publisher_id
"""
# Nothing but its own bytes tells what the earlier texts of an article hold.
_OF_SEVERAL_DOCUMENTS = """
    SELECT a.article_id
    FROM (SELECT DISTINCT publisher_id FROM turned) t
    CROSS JOIN article a
    CROSS JOIN document d
    WHERE a.publisher_id = t.publisher_id AND d.article_id = a.article_id
    GROUP BY a.article_id
    HAVING count(*) > 1
"""
# New texts that another run cleaned by what was known before.
_CLEANED_BY_LESS = """
    SELECT a.article_id
    FROM chosen c CROSS JOIN article a CROSS JOIN paragraph p CROSS JOIN known_paragraph k
    WHERE a.article_id = c.article_id AND p.article_id = a.article_id
        AND k.publisher_id = a.publisher_id AND k.text_hash = p.text_hash
    UNION
    SELECT a.article_id
    FROM chosen c CROSS JOIN article a CROSS JOIN removed_block r
    WHERE a.article_id = c.article_id AND r.article_id = a.article_id
        AND r.rule = 'known' AND r.text_hash IS NOT NULL
        AND NOT EXISTS (
            SELECT 1 FROM known_paragraph k WHERE k.publisher_id = a.publisher_id AND k.text_hash = r.text_hash
        )
"""


def mark_turned(conn: Connection) -> None:
    """Mark the articles that the paragraphs in the temporary table `turned` are about."""
    for query in (_HOLDING, _OF_SEVERAL_DOCUMENTS):
        conn.execute(text(f"INSERT INTO stale_article (article_id) {query}"))


def mark_out_of_step(conn: Connection, compared: Iterable[int]) -> None:
    """Mark those of the articles whose text is not what it would be by what is known now."""
    with choose(conn, compared):
        conn.execute(text(f"INSERT INTO stale_article (article_id) {_CLEANED_BY_LESS}"))


def stale_articles(engine: Engine) -> list[int]:
    """Return the articles that are to be cleaned again, sorted."""
    with reading(engine) as conn:
        return list(conn.scalars(select(stale_article.c.article_id).distinct().order_by(stale_article.c.article_id)))


def marks_of(engine: Engine, article_ids: Sequence[int]) -> list[int]:
    """Return the marks on the articles, to be wiped when they have been cleaned by what is known after this call."""
    found: list[int] = []
    with reading(engine) as conn:
        for part in chunks(article_ids):
            wanted = select(stale_article.c.stale_article_id).where(stale_article.c.article_id.in_(part))
            found += conn.scalars(wanted.order_by(stale_article.c.stale_article_id))
    return found


def wipe(conn: Connection, marks: Sequence[int]) -> None:
    """Delete marks. Those that were made meanwhile stay."""
    for part in chunks(marks):
        conn.execute(delete(stale_article).where(stale_article.c.stale_article_id.in_(part)))
