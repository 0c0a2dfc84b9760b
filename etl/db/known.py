"""Paragraphs that repeat across one site: learned from what is stored, handed to cleaning as a value.

What is known is a function of the stored articles: a paragraph counts wherever it stands, kept or removed as
known, so that removing it does not make it unknown. Copies of one story count once, for copies repeat each other.
What several publishers print is agency copy, however often it is seen.
"""

from __future__ import annotations

# ruff: noqa: S608 - the queries are put together from the pieces and numbers in this file
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import BigInteger, Column, Connection, Engine, MetaData, Table, delete, select, text, tuple_

from etl.db.children import LEAST_WORDS
from etl.db.connect import reading
from etl.db.rows import bulk_insert, choose, chunks
from etl.db.schema import known_paragraph, lost_paragraph, publisher, uncounted_article
from etl.db.stale import mark_out_of_step, mark_turned
from etl.records import KnownParagraphs

LEAST_STORIES = 5  # otherwise different stories of one publisher
MOST_PUBLISHERS = 2  # what more of them print is agency copy

Known = tuple[int, int]  # publisher id, hash of a paragraph

# Private to the connection: paragraphs to be counted, and those whose standing has turned.
_SEEN = Table("seen", MetaData(), Column("text_hash", BigInteger, primary_key=True), prefixes=["TEMPORARY"])
_TURNED = Table(
    "turned",
    MetaData(),
    Column("publisher_id", BigInteger, primary_key=True),
    Column("text_hash", BigInteger, primary_key=True),
    prefixes=["TEMPORARY"],
)

_LOST = "SELECT DISTINCT text_hash FROM lost_paragraph WHERE true"
# CROSS JOIN with a condition: SQLite then keeps the order of the tables, and begins with the few.
_KEPT = f"""
    SELECT DISTINCT p.text_hash FROM chosen c CROSS JOIN paragraph p
    WHERE p.article_id = c.article_id AND p.word_count >= {LEAST_WORDS}
"""
_REMOVED = """
    SELECT DISTINCT r.text_hash FROM chosen c CROSS JOIN removed_block r
    WHERE r.article_id = c.article_id AND r.rule = 'known' AND r.text_hash IS NOT NULL
"""
# Most paragraphs stand in one article: only those that stand in enough are looked at together with their articles.
_QUALIFIED = f"""
    WITH frequent AS (
        SELECT s.text_hash
        FROM seen s
        WHERE (
            SELECT count(*) FROM (
                SELECT 1 FROM paragraph p WHERE p.text_hash = s.text_hash LIMIT {LEAST_STORIES}
            ) AS kept
        ) + (
            SELECT count(*) FROM (
                SELECT 1 FROM removed_block r WHERE r.text_hash = s.text_hash LIMIT {LEAST_STORIES}
            ) AS removed
        ) >= {LEAST_STORIES}
    ),
    holding AS (
        SELECT s.text_hash, a.publisher_id, a.story_id
        FROM frequent s CROSS JOIN paragraph p CROSS JOIN article a
        WHERE p.text_hash = s.text_hash AND p.word_count >= {LEAST_WORDS} AND a.article_id = p.article_id
        UNION ALL
        SELECT s.text_hash, a.publisher_id, a.story_id
        FROM frequent s CROSS JOIN removed_block r CROSS JOIN article a
        WHERE r.text_hash = s.text_hash AND r.rule = 'known' AND a.article_id = r.article_id
    ),
    local AS (
        SELECT text_hash
        FROM holding
        GROUP BY text_hash
        HAVING count(DISTINCT coalesce(publisher_id, 0)) <= {MOST_PUBLISHERS}
            AND count(DISTINCT story_id) >= {LEAST_STORIES}
    )
    SELECT h.publisher_id, h.text_hash
    FROM holding h
    JOIN local l ON l.text_hash = h.text_hash
    WHERE h.publisher_id IS NOT NULL AND h.story_id IS NOT NULL
    GROUP BY h.publisher_id, h.text_hash
    HAVING count(DISTINCT h.story_id) >= {LEAST_STORIES}
"""  # publishers that are not known count as one


@dataclass(frozen=True, slots=True)
class Turned:
    """What came to be known, and what is known no more."""

    learned: frozenset[Known] = frozenset()
    unlearned: frozenset[Known] = frozenset()

    def then(self, later: Turned) -> Turned:
        """Return what has turned after both."""
        return Turned(
            (self.learned - later.unlearned) | (later.learned - self.unlearned),
            (self.unlearned - later.learned) | (later.unlearned - self.learned),
        )


def known_paragraphs(engine: Engine, publishers: Collection[str] | None = None) -> KnownParagraphs:
    """Return what has been learned so far, of some publishers or of all."""
    wanted = select(publisher.c.name, known_paragraph.c.text_hash).join(publisher)
    if publishers is not None:
        wanted = wanted.where(publisher.c.name.in_(sorted(publishers)))
    found: dict[str, set[int]] = {}
    with reading(engine) as conn:
        for name, text_hash in conn.execute(wanted):
            found.setdefault(name, set()).add(text_hash)
    return KnownParagraphs({name: frozenset(hashes) for name, hashes in found.items()})


def leave_to_count(conn: Connection, compared: Iterable[int], moved: Iterable[int]) -> None:
    """Leave marks on articles for `count_next`: what may repeat is learned when all articles have their stories."""
    rows = [*((i, False) for i in sorted(set(compared))), *((i, True) for i in sorted(set(moved)))]
    bulk_insert(conn, uncounted_article, ("article_id", "moved"), rows)


def count_next(conn: Connection, most: int) -> tuple[set[int], set[int], bool]:
    """Wipe some marks of `leave_to_count`, the oldest first.

    returns  articles that were compared, articles that were moved, and whether marks may be left.
    """
    marks = uncounted_article.c
    oldest = select(marks.uncounted_article_id).order_by(marks.uncounted_article_id).limit(most)
    wiped = delete(uncounted_article).where(marks.uncounted_article_id.in_(oldest))
    rows = conn.execute(wiped.returning(marks.article_id, marks.moved)).all()
    return {i for i, moved in rows if not moved}, {i for i, moved in rows if moved}, len(rows) == most


def learn(
    conn: Connection,
    run_id: int,
    compared: Collection[int],
    moved: Collection[int] = (),
    barred: Collection[Known] = frozenset(),
) -> Turned:
    """Bring what is known up to date, and mark the articles that are to be cleaned again for it.

    Counts only what may count otherwise than before: the paragraphs of these articles, and those that articles
    have lost since the last call. Part of the matching transaction, after stories are saved.

    compared  articles whose text is new or changed.
    moved     articles that were in another story before.
    barred    what is not to be learned: it was unlearned in this run, and a run must come to its end.
    """
    with _seen(conn, compared, moved):
        now = {(row[0], row[1]) for row in conn.execute(text(_QUALIFIED))} - set(barred)
        known = known_paragraph.c
        wanted = select(known.publisher_id, known.text_hash).join(_SEEN, _SEEN.c.text_hash == known.text_hash)
        before = {(row[0], row[1]) for row in conn.execute(wanted)}
    conn.execute(delete(lost_paragraph))
    turned = Turned(frozenset(now - before), frozenset(before - now))
    _write(conn, run_id, turned)
    if compared:
        mark_out_of_step(conn, compared)
    return turned


@contextmanager
def _seen(conn: Connection, compared: Iterable[int], moved: Iterable[int]) -> Iterator[None]:
    """Put the paragraphs to be counted into the temporary table `seen` for the time of a query.

    What new articles had removed as known need not be counted: it is known, and there is only more of it.
    """
    _SEEN.create(conn)
    _add_seen(conn, _LOST)
    moved = set(moved)
    with choose(conn, {*compared, *moved}):
        _add_seen(conn, _KEPT)
    if moved:
        with choose(conn, moved):
            _add_seen(conn, _REMOVED)
    if conn.dialect.name == "postgresql":
        conn.exec_driver_sql("ANALYZE seen")
    yield
    _SEEN.drop(conn)


def _add_seen(conn: Connection, query: str) -> None:
    conn.execute(text(f"INSERT INTO seen (text_hash) {query} ON CONFLICT DO NOTHING"))


def _write(conn: Connection, run_id: int, turned: Turned) -> None:
    if not (turned.learned or turned.unlearned):
        return
    rows = [(publisher_id, hash_, run_id) for publisher_id, hash_ in sorted(turned.learned)]
    bulk_insert(conn, known_paragraph, ("publisher_id", "text_hash", "run_id"), rows)
    key = tuple_(known_paragraph.c.publisher_id, known_paragraph.c.text_hash)
    for part in chunks(sorted(turned.unlearned)):
        conn.execute(delete(known_paragraph).where(key.in_(part)))
    _TURNED.create(conn)
    bulk_insert(conn, _TURNED, ("publisher_id", "text_hash"), sorted(turned.learned | turned.unlearned))
    mark_turned(conn)
    _TURNED.drop(conn)
