"""The full-text index over articles. PostgreSQL keeps its own; on SQLite new articles are added a batch at a time."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection

from etl.db.rows import choose

SEARCH_INDEX = "article_fts"  # and its shadow tables article_fts_*, on SQLite
SEARCH_COLUMN = "search_vector"  # of article, on PostgreSQL
SEARCH_GIN = "ix_article_search_vector"

# One statement: FTS5 writes out what it has gathered at the end of each, and a trigger would run one an article,
# at three times the cost. Changes and deletions are left to triggers.
_ADD = """
    INSERT INTO article_fts (rowid, headline, standfirst, body)
    SELECT a.article_id, a.headline, a.standfirst, a.body
    FROM chosen c CROSS JOIN article a
    WHERE a.article_id = c.article_id
"""
# FTS5 gathers words in memory and merges what it has written, at its own settings as much work as the words are: an
# article costs two thirds of it with these. They are kept in the index.
SETTINGS = {
    "hashsize": 4_000_000,  # bytes gathered before they are written; a batch of 500 articles has about one million
    "automerge": 8,  # written pieces that are merged into one; FTS5's own number is 4
}
_IS_SET = "SELECT count(*) FROM article_fts_config WHERE k IN ('hashsize', 'automerge')"
_SET = "INSERT INTO article_fts (article_fts, rank) VALUES (?, ?)"


def add_to_search(conn: Connection, article_ids: Iterable[int]) -> None:
    """Make articles that this transaction has inserted searchable."""
    if conn.dialect.name == "sqlite":
        if conn.exec_driver_sql(_IS_SET).scalar() != len(SETTINGS):
            conn.exec_driver_sql(_SET, list(SETTINGS.items()))
        with choose(conn, article_ids):
            conn.exec_driver_sql(_ADD)
