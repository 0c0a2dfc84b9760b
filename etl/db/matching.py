"""What matching reads and writes: candidates by rows that are alike, texts, pairs, stories. One matcher at a time.

Articles are compared in chunks, by number, a transaction each; between two of them another matcher may take a turn.
Which pairs there are in the end is a function of the set of articles: see `sketches.py` for those that a chunk undoes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Row,
    Select,
    Table,
    delete,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.exc import DBAPIError

from etl.db.candidates import candidate_pairs, delete_moved_stars
from etl.db.connect import first_line, writing
from etl.db.rows import bulk_delete, bulk_insert, bulk_replace, bulk_update, choose, chunks, insert_new
from etl.db.schema import article, duplicate_pair, fingerprint, paragraph, publisher, scheme, story
from etl.db.schemes import matcher_id
from etl.db.sketches import cool_paragraphs, own_rows, put_in_own, take_out_lost, turned_hot
from etl.errors import DatabaseError
from etl.records import JOINING, Match, Matcher, ParagraphPair, Passage, Standing, StoredText, Story

_PAIR = (
    "left_article_id",
    "right_article_id",
    "relation",
    "jaccard",
    "containment",
    "coverage",
    "shared_paragraphs",
    "scheme_id",
    "matcher_id",
    "passages",
    "paragraphs",
)


@dataclass(frozen=True, slots=True)
class Matching:
    """One transaction of one matcher. Ids are article ids."""

    conn: Connection
    scheme_id: int
    matcher_id: int | None = None
    parted: set[int] = field(default_factory=set)  # articles that have lost a pair: their stories may be others now

    def pending(self, most: int | None = None) -> list[int]:
        """Return the articles whose text has not been compared yet, sorted; of many the first."""
        take_out_lost(self.conn)
        return self._pending(most) or (self._pending(most) if cool_paragraphs(self.conn) else [])

    def _pending(self, most: int | None) -> list[int]:
        wanted = select(article.c.article_id).where(text("match_pending")).order_by(article.c.article_id)
        return list(self.conn.scalars(wanted.limit(most)))

    def candidates(self, ids: Sequence[int]) -> list[tuple[int, int]]:
        """Return the pairs that may share text, as (smaller id, larger id), sorted. See `candidates.py`.

        From now on others find these articles too, and pairs that rest on what is hot now are deleted.
        """
        last = max(ids, default=0)
        with choose(self.conn, ids), own_rows(self.conn, self.scheme_id):
            put_in_own(self.conn)
            found = candidate_pairs(self.conn, self.scheme_id, last)
            hot = turned_hot(self.conn, last)
        self._delete_unfounded(hot, last)
        return sorted(found)

    def _delete_unfounded(self, ids: set[int], last: int) -> None:
        """Delete the pairs of articles that would not be compared any more."""
        if not ids:
            return
        pair = duplicate_pair.c
        with choose(self.conn, ids) as chosen, own_rows(self.conn, self.scheme_id):
            founded = candidate_pairs(self.conn, self.scheme_id, last)
            mine = select(chosen.c.article_id)
            stored = select(pair.left_article_id, pair.right_article_id)
            stored = stored.where(or_(pair.left_article_id.in_(mine), pair.right_article_id.in_(mine)))
            unfounded = sorted({(row[0], row[1]) for row in self.conn.execute(stored)} - founded)
        bulk_delete(self.conn, duplicate_pair, _PAIR[:2], unfounded)
        self.parted.update(end for ends in unfounded for end in ends)

    def texts(self, ids: Iterable[int]) -> dict[int, StoredText]:
        """Return what the articles are compared by; those without a fingerprint are left out."""
        found: dict[int, StoredText] = {}
        for part in chunks(sorted(set(ids))):
            hashes: dict[int, list[int]] = {}
            for article_id, hash_ in self.conn.execute(_paragraph_hashes(part)).all():
                hashes.setdefault(article_id, []).append(hash_)
            for row in self.conn.execute(_stored_texts(part)).all():
                found[row.article_id] = _stored_text(row, tuple(hashes.get(row.article_id, ())))
        return found

    def save_matches(self, ids: Sequence[int], matches: Sequence[Match]) -> None:
        """Replace every pair that touches `ids` by `matches`, and mark these articles as compared."""
        pair = duplicate_pair.c
        with choose(self.conn, ids) as chosen:
            mine = select(chosen.c.article_id)
            for end in (pair.left_article_id, pair.right_article_id):
                self._delete_pairs(end.in_(mine))
            self._insert_pairs(matches)
            self.parted.update(delete_moved_stars(self.conn, self.scheme_id))
            undone = or_(text("match_pending"), article.c.matcher_id.is_distinct_from(self.matcher_id))
            done = update(article).where(undone, article.c.article_id.in_(mine))
            self.conn.execute(done.values(match_pending=False, matcher_id=self.matcher_id))

    def _delete_pairs(self, condition: ColumnElement[bool]) -> None:
        pair = duplicate_pair.c
        gone = delete(duplicate_pair).where(condition).returning(pair.left_article_id, pair.right_article_id)
        self.parted.update(end for row in self.conn.execute(gone) for end in row)

    def _insert_pairs(self, matches: Sequence[Match]) -> None:
        rows = [
            (
                m.left_id,
                m.right_id,
                m.relation,
                m.jaccard,
                m.containment,
                m.coverage,
                m.shared_paragraphs,
                self.scheme_id,
                self.matcher_id,
                json.dumps(m.passages),
                json.dumps(m.paragraphs),
            )
            for m in matches
        ]
        # A pair of two other articles is there already when the centre of their star has left it.
        bulk_replace(self.conn, duplicate_pair, _PAIR[:2], _PAIR, rows)

    def neighbourhood(self, ids: Iterable[int]) -> tuple[list[Standing], list[Match]]:
        """Return all articles whose story may be another one now, and the pairs that join them.

        These are `ids` and the parted, and again and again every article that stands in one story with one of them
        or is joined to it by a pair. The matches carry no passages: grouping has no use for them.
        """
        with choose(self.conn, {*ids, *self.parted}) as chosen:
            self._widen(chosen)
            mine, pair = select(chosen.c.article_id), duplicate_pair.c
            standing = select(article.c.article_id, article.c.identity, article.c.published_at, article.c.word_count)
            articles = standing.where(article.c.article_id.in_(mine)).order_by(article.c.article_id)
            # The set is closed: a joining pair with one end in it has the other there too.
            pairs = select(duplicate_pair).where(pair.relation.in_(JOINING), pair.left_article_id.in_(mine))
            pairs = pairs.order_by(pair.left_article_id, pair.right_article_id)
            return (
                [Standing(*row) for row in self.conn.execute(articles)],
                [match_of(row) for row in self.conn.execute(pairs)],
            )

    def _widen(self, chosen: Table) -> None:
        """Add to `chosen` all that its articles are connected with, in rounds until none is new."""
        frontier = list(self.conn.scalars(select(chosen.c.article_id)))
        while frontier:
            reached = {i for part in chunks(frontier) for i in self.conn.scalars(_connected(part))}
            known = {i for part in chunks(reached) for i in self.conn.scalars(_among(chosen, part))}
            frontier = sorted(reached - known)
            bulk_insert(self.conn, chosen, ["article_id"], [(i,) for i in frontier])

    def save_stories(self, stories: Sequence[Story]) -> list[int]:
        """Write the stories of a neighbourhood: what changed, and nothing else.

        returns  articles that were in another story before.
        """
        place = {m.article_id: (s.lead_id, m.role) for s in stories for m in s.members}
        before = self._places(place)
        changed = sorted(article_id for article_id, now in place.items() if before[article_id] != now)
        if not changed:
            return []
        insert_new(self.conn, story, [{"story_id": i} for i in sorted({place[i][0] for i in changed})])
        bulk_update(self.conn, article, "article_id", ("story_id", "role"), [(*place[i], i) for i in changed])
        left = {before[i][0] for i in changed} - {None}
        members = select(article.c.article_id).where(article.c.story_id == story.c.story_id)
        for part in chunks(sorted(i for i in left if i is not None)):
            self.conn.execute(delete(story).where(story.c.story_id.in_(part), ~members.exists()))
        return [i for i in changed if before[i][0] not in (None, place[i][0])]

    def _places(self, ids: Iterable[int]) -> dict[int, tuple[int | None, str | None]]:
        found: dict[int, tuple[int | None, str | None]] = {}
        for part in chunks(sorted(ids)):
            wanted = select(article.c.article_id, article.c.story_id, article.c.role)
            for row in self.conn.execute(wanted.where(article.c.article_id.in_(part))).all():
                found[row.article_id] = (row.story_id, row.role)
        return found


@contextmanager
def matching(
    engine: Engine, scheme_name: str, matcher: Matcher | None = None, longest_wait_ms: int = 0
) -> Iterator[Matching]:
    """One transaction in which articles are matched; a second matcher waits for its end.

    matcher          what its pairs and stories are to be known by.
    longest_wait_ms  for another matcher, 0: as long as it takes. SQLite waits as for any writer.
    raises  Transient when a text changed under it, or the database is busy: match again.
    """
    isolated = engine
    if engine.dialect.name == "postgresql":  # one picture of the data, so that no change in the middle is missed
        isolated = engine.execution_options(isolation_level="REPEATABLE READ")
    try:
        with writing(isolated) as conn:
            if conn.dialect.name == "postgresql":
                # Taken before the first query, because that is when the picture is taken. Readers are let through.
                conn.exec_driver_sql(f"SET LOCAL lock_timeout = {longest_wait_ms}")
                conn.exec_driver_sql("LOCK TABLE story IN SHARE ROW EXCLUSIVE MODE")
                conn.exec_driver_sql("SET LOCAL lock_timeout TO DEFAULT")
            yield Matching(conn, _scheme_id(conn, scheme_name), matcher_id(conn, matcher) if matcher else None)
    except DBAPIError as err:
        raise DatabaseError(f"matching failed: {first_line(err)}") from err


def _scheme_id(conn: Connection, name: str) -> int:
    """Return the key of the scheme; 0, which no fingerprint has, while nothing has been loaded with it."""
    return int(conn.scalar(select(scheme.c.scheme_id).where(scheme.c.name == name)) or 0)


def _paragraph_hashes(ids: Sequence[int]) -> Select[tuple[int, int]]:
    columns = select(paragraph.c.article_id, paragraph.c.text_hash)
    return columns.where(paragraph.c.article_id.in_(ids)).order_by(paragraph.c.article_id, paragraph.c.position)


def _stored_texts(ids: Sequence[int]) -> Select[tuple[object, ...]]:
    columns: Select[tuple[object, ...]] = select(
        article.c.article_id,
        article.c.identity,
        article.c.body,
        article.c.published_at,
        article.c.published_precision,
        publisher.c.name.label("publisher"),
        article.c.text_hash,
        fingerprint.c.signature,
        scheme.c.name.label("scheme"),
    )
    joined = columns.join_from(article, fingerprint).join(scheme)
    joined = joined.outerjoin(publisher, publisher.c.publisher_id == article.c.publisher_id)
    return joined.where(article.c.article_id.in_(ids))


def _stored_text(row: Row[tuple[object, ...]], hashes: tuple[int, ...]) -> StoredText:
    return StoredText(
        row.article_id,
        row.identity,
        row.body,
        row.published_at,
        row.published_precision,
        row.publisher,
        row.text_hash,
        hashes,
        row.signature,
        row.scheme,
    )


def match_of(row: Row[Any], passages: tuple[Passage, ...] = (), paragraphs: tuple[ParagraphPair, ...] = ()) -> Match:
    """Return a row of `duplicate_pair` as a verified pair, with its evidence where that is wanted."""
    return Match(
        row.left_article_id,
        row.right_article_id,
        row.relation,
        row.jaccard,
        row.containment,
        row.coverage,
        row.shared_paragraphs,
        passages,
        paragraphs,
    )


def _connected(ids: Sequence[int]) -> Select[tuple[int]]:
    """Articles one step away: across a joining pair, or in the same story."""
    pair = duplicate_pair.c
    mine = article.alias("mine")
    right = select(pair.right_article_id).where(pair.left_article_id.in_(ids), pair.relation.in_(JOINING))
    left = select(pair.left_article_id).where(pair.right_article_id.in_(ids), pair.relation.in_(JOINING))
    beside = select(article.c.article_id).join(mine, mine.c.story_id == article.c.story_id)
    every = right.union(left, beside.where(mine.c.article_id.in_(ids))).subquery()
    return select(every.c[0])


def _among(chosen: Table, ids: Sequence[int]) -> Select[tuple[int]]:
    return select(chosen.c.article_id).where(chosen.c.article_id.in_(ids))
