"""What matching reads and writes: candidates by rows that are alike, texts, pairs, stories. One matcher at a time.

Articles are compared in chunks, by number, a transaction each; between two of them another matcher may take a turn.
Which pairs there are in the end is a function of the set of articles: see `sketches.py` for those that a chunk undoes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Row,
    Select,
    delete,
    or_,
    select,
    text,
)
from sqlalchemy.exc import DBAPIError

from etl.db.candidates import candidate_pairs, delete_moved_stars
from etl.db.connect import first_line, writing
from etl.db.rows import bulk_delete, bulk_replace, bulk_update, choose, chunks, insert_new
from etl.db.schema import article, duplicate_pair, fingerprint, paragraph, publisher, scheme, story
from etl.db.schemes import matcher_id
from etl.db.sketches import cool_paragraphs, own_rows, put_in_own, take_out_lost, turned_hot
from etl.errors import DatabaseError
from etl.records import JOINING, Match, Matcher, ParagraphPair, Passage, Standing, StoredText, Story

_SCORES = (
    "left_article_id",
    "right_article_id",
    "relation",
    "jaccard",
    "containment",
    "coverage",
    "shared_paragraphs",
)
_PAIR = (*_SCORES, "scheme_id", "matcher_id", "passages", "paragraphs")

# Articles one step away from some: across a joining pair, or in the same story. What names these is given three times.
_STEP = f"""
    SELECT right_article_id FROM duplicate_pair WHERE left_article_id {{some}} AND relation IN {tuple(sorted(JOINING))}
    UNION ALL
    SELECT left_article_id FROM duplicate_pair WHERE right_article_id {{some}} AND relation IN {tuple(sorted(JOINING))}
    UNION ALL
    SELECT beside.article_id FROM article mine JOIN article beside ON beside.story_id = mine.story_id
    WHERE mine.article_id {{some}}
"""  # noqa: S608 - no value of anyone's is in it
_ONE_STEP: dict[str, tuple[str, Callable[[list[int]], object]]] = {
    "sqlite": (_STEP.format(some="IN (SELECT value FROM json_each(?))"), json.dumps),
    "postgresql": (_STEP.format(some="= ANY(%s::bigint[])"), list),
}


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
        """Replace every pair that touches `ids` by `matches`."""
        pair = duplicate_pair.c
        with choose(self.conn, ids) as chosen:
            mine = select(chosen.c.article_id)
            for end in (pair.left_article_id, pair.right_article_id):
                self._delete_pairs(end.in_(mine))
            self._insert_pairs(matches)
            self.parted.update(delete_moved_stars(self.conn, self.scheme_id))

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
                # As `json.dumps` writes numbers, in a quarter of the time.
                _listed([f"[{a}, {b}, {c}, {d}]" for a, b, c, d in m.passages]),
                _listed([f"[{a}, {b}, {similarity}]" for a, b, similarity in m.paragraphs]),
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
        with choose(self.conn, self._connected({*ids, *self.parted})) as chosen:
            mine, pair = select(chosen.c.article_id), duplicate_pair.c
            standing = select(article.c.article_id, article.c.identity, article.c.published_at, article.c.word_count)
            articles = standing.where(article.c.article_id.in_(mine)).order_by(article.c.article_id)
            # The set is closed: a joining pair with one end in it has the other there too.
            pairs = select(*(pair[name] for name in _SCORES))
            pairs = pairs.where(pair.relation.in_(JOINING), pair.left_article_id.in_(mine))
            pairs = pairs.order_by(pair.left_article_id, pair.right_article_id)
            return (
                [Standing(*row) for row in self.conn.execute(articles).all()],
                [match_of(row) for row in self.conn.execute(pairs).all()],
            )

    def _connected(self, ids: set[int]) -> set[int]:
        """Return articles with all that they are connected with, found in rounds until none is new."""
        known, frontier = set(ids), sorted(ids)
        one_step, as_parameter = _ONE_STEP[self.conn.dialect.name]
        while frontier:
            reached = set[int]()
            for part in chunks(frontier):
                rows = self.conn.exec_driver_sql(one_step, (as_parameter(part),) * 3)
                reached.update([row[0] for row in rows])
            frontier = sorted(reached - known)
            known |= reached
        return known

    def save_stories(self, stories: Iterable[Story], compared: Iterable[int] = ()) -> list[int]:
        """Write the stories of a neighbourhood: what changed, and nothing else. Mark articles as compared.

        One statement does both: on PostgreSQL a row of `article` that is written goes into each of its indexes again.

        compared  articles of these stories; what is not there any more is passed over.
        returns   articles that were in another story before.
        """
        story_of = {m.article_id: (s.lead_id, m.role) for s in stories for m in s.members}
        before = self._places(story_of)
        place = {i: _Place(*now, before[i].match_pending, before[i].matcher_id) for i, now in story_of.items()}
        place |= {i: _Place(*story_of[i], False, self.matcher_id) for i in compared if i in story_of}
        changed = sorted(article_id for article_id, now in place.items() if before[article_id] != now)
        moved = [i for i in changed if before[i].story_id != place[i].story_id]
        insert_new(self.conn, story, [{"story_id": i} for i in sorted({story_of[i][0] for i in moved})])
        bulk_update(self.conn, article, "article_id", _Place._fields, [(*place[i], i) for i in changed])
        left = {before[i].story_id for i in moved}
        members = select(article.c.article_id).where(article.c.story_id == story.c.story_id)
        for part in chunks(sorted(i for i in left if i is not None)):
            self.conn.execute(delete(story).where(story.c.story_id.in_(part), ~members.exists()))
        return [i for i in moved if before[i].story_id is not None]

    def _places(self, ids: Iterable[int]) -> dict[int, _Place]:
        found: dict[int, _Place] = {}
        for part in chunks(sorted(ids)):
            wanted = select(article.c.article_id, *(article.c[name] for name in _Place._fields))
            for article_id, *row in self.conn.execute(wanted.where(article.c.article_id.in_(part))).all():
                found[article_id] = _Place(*row)
        return found


class _Place(NamedTuple):
    """What matching writes about an article."""

    story_id: int | None
    role: str | None
    match_pending: bool
    matcher_id: int | None


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


def _stored_text(row: Row[Any], hashes: tuple[int, ...]) -> StoredText:
    article_id, identity, body, published, precision, publisher_name, text_hash, signature, scheme_name = row
    return StoredText(
        article_id, identity, body, published, precision, publisher_name, text_hash, hashes, signature, scheme_name
    )


def _listed(items: Iterable[str]) -> str:
    return f"[{', '.join(items)}]"


def match_of(row: Row[Any], passages: tuple[Passage, ...] = (), paragraphs: tuple[ParagraphPair, ...] = ()) -> Match:
    """Return a row that begins as `duplicate_pair` does as a verified pair, with its evidence where that is wanted."""
    left, right, relation, jaccard, containment, coverage, shared = row[: len(_SCORES)]
    return Match(left, right, relation, jaccard, containment, coverage, shared, passages, paragraphs)
