"""The keys of sketches, kept by matching alone: put in when an article is compared, taken out when its text is lost.

A key or a paragraph that more than MOST_HOLDERS articles hold is hot: it says nothing and is passed over. So a text
that comes or goes may change what others are compared by. When one comes, `turned_hot` tells whose pairs may fall;
when one goes, `take_out_lost` and `cool_paragraphs` have the others compared again.
"""

from __future__ import annotations

# ruff: noqa: S608 - the queries are put together from the pieces and numbers in this file
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

import numpy as np
from sqlalchemy import BigInteger, Column, Connection, Integer, MetaData, Table, delete, select, text, update

from etl.db.rows import bulk_insert, choose, chunks
from etl.db.schema import article, fingerprint, lost_paragraph, lost_sketch, sketch_key

MOST_HOLDERS = 64  # a key of more articles is hot: joins grow with its square
LEAST_PARAGRAPH_WORDS = 12  # shorter ones are captions, bylines and calls to subscribe


def _of_keys(name: str) -> Table:
    """Return a table of keys that is private to the connection."""
    return Table(
        name,
        MetaData(),
        Column("key", Integer, primary_key=True, autoincrement=False),
        Column("article_id", Integer, primary_key=True, autoincrement=False),
        prefixes=["TEMPORARY"],
        sqlite_with_rowid=False,
    )


# What the articles in `chosen` hold, and what articles held that have another text now.
_OWN_KEY, _LOST_KEY = _of_keys("own_key"), _of_keys("lost_key")
_OWN_PARAGRAPH = Table(
    "own_paragraph",
    MetaData(),
    Column("text_hash", BigInteger, primary_key=True),
    Column("article_id", BigInteger, primary_key=True),
    prefixes=["TEMPORARY"],
    sqlite_with_rowid=False,
)

# An article with a paragraph q that has been compared, or is compared now: chunks go by number, so all up to :last
# are. Asking the article itself is dear.
VISIBLE = "(q.article_id <= :last OR NOT (SELECT a.match_pending FROM article a WHERE a.article_id = q.article_id))"
_NOT_CHOSEN = "NOT EXISTS (SELECT 1 FROM chosen c WHERE c.article_id = q.article_id)"


def key_holders(key: str, condition: str = "true") -> str:
    """SQL for how many articles hold a key, counted up to one more than MOST_HOLDERS: the hottest cost no more."""
    return f"""(
        SELECT count(*) FROM (
            SELECT 1 FROM sketch_key q WHERE q.key = {key} AND {condition} LIMIT {MOST_HOLDERS + 1}
        ) AS held
    )"""


def paragraph_holders(text_hash: str, condition: str = "true") -> str:
    """SQL for how many visible articles hold a paragraph, counted in the same way."""
    return f"""(
        SELECT count(*) FROM (
            SELECT DISTINCT q.article_id FROM paragraph q
            WHERE q.text_hash = {text_hash} AND {VISIBLE} AND {condition}
            LIMIT {MOST_HOLDERS + 1}
        ) AS held
    )"""


# Everywhere CROSS JOIN with a condition: SQLite then keeps the order of the tables, and begins with the few.
_SKETCHES = """
    SELECT f.article_id, f.sketch FROM chosen c CROSS JOIN fingerprint f
    WHERE f.article_id = c.article_id AND f.scheme_id = :scheme
"""
_SHARED_WITH_OTHERS = f"""
    INSERT INTO own_paragraph (text_hash, article_id)
    SELECT DISTINCT p.text_hash, p.article_id
    FROM chosen c CROSS JOIN paragraph p
    WHERE p.article_id = c.article_id AND p.word_count >= {LEAST_PARAGRAPH_WORDS}
        AND EXISTS (SELECT 1 FROM paragraph o WHERE o.text_hash = p.text_hash AND o.article_id <> p.article_id)
"""


@contextmanager
def own_rows(conn: Connection, scheme_id: int) -> Iterator[None]:
    """Put what the articles in `chosen` are found by into temporary tables for the time of a query.

    `own_key` has all keys of their sketches, `own_paragraph` the long paragraphs that others hold too.
    """
    rows = conn.execute(text(_SKETCHES), {"scheme": scheme_id}).tuples().all()
    with _keys_in(conn, _OWN_KEY, rows):
        _OWN_PARAGRAPH.create(conn)
        conn.exec_driver_sql(_SHARED_WITH_OTHERS)
        if conn.dialect.name == "postgresql":
            conn.exec_driver_sql("ANALYZE own_paragraph")
        yield
        _OWN_PARAGRAPH.drop(conn)


@contextmanager
def _keys_in(conn: Connection, table: Table, sketches: Iterable[tuple[int, bytes]]) -> Iterator[None]:
    """Put the keys of articles' sketches into a temporary table for the time of a query."""
    table.create(conn)
    bulk_insert(conn, table, ("key", "article_id"), _keys(sketches))
    if conn.dialect.name == "postgresql":
        conn.exec_driver_sql(f"ANALYZE {table.name}")
    yield
    table.drop(conn)


def _keys(sketches: Iterable[tuple[int, bytes]]) -> list[tuple[int, int]]:
    """Return each key of articles' sketches with its article, once, in order: an index takes sorted rows twice as fast.

    A key is the low half of a hash, for the high ones of the smallest are alike.
    """
    kept = [(article_id, np.frombuffer(sketch, "<i4")[::2]) for article_id, sketch in sketches]
    keys = np.concatenate([np.zeros(0, np.int32), *(keys for _, keys in kept)])
    ids = np.repeat(np.array([article_id for article_id, _ in kept], np.int64), [len(keys) for _, keys in kept])
    order = np.lexsort((ids, keys))
    keys, ids = keys[order], ids[order]
    new = np.ones(len(keys), np.bool_)
    new[1:] = (keys[1:] != keys[:-1]) | (ids[1:] != ids[:-1])
    return list(zip(keys[new].tolist(), ids[new].tolist(), strict=True))


def put_in_own(conn: Connection) -> None:
    """Add the keys in `own_key` to those of all compared articles."""
    conn.exec_driver_sql(
        "INSERT INTO sketch_key (key, article_id) SELECT key, article_id FROM own_key WHERE true "
        "ORDER BY key, article_id ON CONFLICT DO NOTHING"
    )


_HOT_KEYS = f"""
    SELECT DISTINCT k.article_id
    FROM (SELECT DISTINCT key FROM own_key) m CROSS JOIN sketch_key k
    WHERE k.key = m.key AND {key_holders("m.key")} > {MOST_HOLDERS}
        AND {key_holders("m.key", _NOT_CHOSEN)} <= {MOST_HOLDERS}
"""
_HOT_PARAGRAPHS = f"""
    SELECT DISTINCT q.article_id
    FROM (SELECT DISTINCT text_hash FROM own_paragraph) m CROSS JOIN paragraph q
    WHERE q.text_hash = m.text_hash AND {paragraph_holders("m.text_hash")} > {MOST_HOLDERS}
        AND {paragraph_holders("m.text_hash", _NOT_CHOSEN)} <= {MOST_HOLDERS} AND {VISIBLE}
"""


def turned_hot(conn: Connection, last: int) -> set[int]:
    """Return articles that hold something which the articles in `chosen` have made hot. Needs `own_rows`."""
    by_key = conn.scalars(text(_HOT_KEYS))
    return {*by_key, *conn.scalars(text(_HOT_PARAGRAPHS), {"last": last})}


_TAKE_OUT = "DELETE FROM sketch_key WHERE (key, article_id) IN (SELECT key, article_id FROM lost_key) RETURNING key"
_LEFT_HOLDERS = f"SELECT m.key, {key_holders('m.key')} FROM (SELECT DISTINCT key FROM lost_key) m"
# An article that was written anew with the text it had, by new rules say, is not compared again and keeps its keys.
_STILL_THERE = (
    select(lost_sketch.c.lost_sketch_id)
    .join(article, article.c.article_id == lost_sketch.c.article_id)
    .join(fingerprint, fingerprint.c.article_id == lost_sketch.c.article_id)
    .where(~article.c.match_pending, fingerprint.c.sketch == lost_sketch.c.sketch)
)


def take_out_lost(conn: Connection) -> None:
    """Take out the keys that articles have lost. Where one has cooled down by that, its holders become pending."""
    lost = conn.execute(select(lost_sketch.c.lost_sketch_id, lost_sketch.c.article_id, lost_sketch.c.sketch)).all()
    if not lost:
        return
    kept = set(conn.scalars(_STILL_THERE))
    gone = [(article_id, sketch) for mark, article_id, sketch in lost if mark not in kept]
    with _keys_in(conn, _LOST_KEY, gone):
        taken = Counter(conn.scalars(text(_TAKE_OUT)))
        held = conn.execute(text(_LEFT_HOLDERS)).tuples().all()
    for key, holders in sorted(held):
        if MOST_HOLDERS - taken[key] < holders <= MOST_HOLDERS:
            _compare_again(conn, conn.scalars(select(sketch_key.c.article_id).where(sketch_key.c.key == key)).all())
    for part in chunks(row[0] for row in lost):
        conn.execute(delete(lost_sketch).where(lost_sketch.c.lost_sketch_id.in_(part)))


_COOLED_PARAGRAPHS = f"""
    SELECT m.text_hash
    FROM (SELECT text_hash, count(*) AS lost FROM lost_paragraph GROUP BY text_hash) m
    WHERE {paragraph_holders("m.text_hash")} BETWEEN {MOST_HOLDERS + 1} - m.lost AND {MOST_HOLDERS}
        AND {paragraph_holders("m.text_hash")} > 0
"""
_HOLDERS = text("SELECT DISTINCT article_id FROM paragraph WHERE text_hash = :hash")


def cool_paragraphs(conn: Connection) -> bool:
    """Make the holders of paragraphs pending that may have cooled down, and tell whether there were any.

    Being compared again, they have these paragraphs counted; so the marks of their loss are wiped.
    """
    cooled = list(conn.scalars(text(_COOLED_PARAGRAPHS), {"last": 0}))
    for hash_ in cooled:
        _compare_again(conn, conn.scalars(_HOLDERS, {"hash": hash_}).all())
    for part in chunks(cooled):
        conn.execute(delete(lost_paragraph).where(lost_paragraph.c.text_hash.in_(part)))
    return bool(cooled)


def _compare_again(conn: Connection, article_ids: Sequence[int] | Iterable[int]) -> None:
    with choose(conn, article_ids) as again:
        mine = select(again.c.article_id)
        conn.execute(update(article).where(article.c.article_id.in_(mine)).values(match_pending=True))
