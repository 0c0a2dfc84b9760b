"""Matching and learning in steps: what is new is compared with everything stored, and sites are learned from it.

Each step is a transaction that leaves marks on the articles which the next one is about. Whoever has time takes one:
the process that waits for batches, a worker that has folded enough pages of a site, the end of a run.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence

from etl.db.connect import Database
from etl.db.known import Known, Turned, count_next, learn, leave_to_count
from etl.db.matching import matching
from etl.fingerprint import SCHEME
from etl.match import compare_all, group
from etl.match.rule import THRESHOLDS, Thresholds
from etl.match.version import matcher
from etl.records import Match, StoredText

MATCH_CHUNK = 1000  # articles compared in one transaction: others may write in between, and memory stays flat
LEARN_CHUNK = 5000  # articles whose paragraphs are counted in one transaction
VERIFY_CHUNK = 2000  # candidate pairs whose texts are in memory at the same time


def match_chunk(
    engine: Database, most: int = MATCH_CHUNK, t: Thresholds = THRESHOLDS, longest_wait_ms: int = 0
) -> tuple[int, int] | None:
    """Compare the next articles, as a whole or not at all. Return how many, and the pairs found; None: none is left.

    longest_wait_ms  for another matcher, as in `etl.db.matching`; 0: as long as it takes.
    raises  Transient when the same call may work in a moment, as `learn_chunk` does.
    """
    with matching(engine, SCHEME.name, matcher(t), longest_wait_ms) as table:
        pending = table.pending(most)
        if not pending:
            return None
        matches = list(verify(table.candidates(pending), table.texts, t))
        table.save_matches(pending, matches)
        moved = table.save_stories(group(*table.neighbourhood(pending)), pending)
        leave_to_count(table.conn, pending, moved)
        return len(pending), len(matches)


def learn_chunk(
    engine: Database,
    run_id: int,
    barred: Collection[Known] = (),
    most: int = LEARN_CHUNK,
    longest_wait_ms: int = 0,
) -> tuple[Turned, bool]:
    """Learn from the next articles that have their stories; return what is known now, and whether there may be more."""
    with matching(engine, SCHEME.name, longest_wait_ms=longest_wait_ms) as table:
        compared, moved, more = count_next(table.conn, most)
        return learn(table.conn, run_id, compared, moved, barred), more


def verify(
    pairs: Sequence[tuple[int, int]],
    texts: Callable[[Sequence[int]], dict[int, StoredText]],
    t: Thresholds = THRESHOLDS,
) -> Iterator[Match]:
    """Compare candidate pairs on their texts, holding the texts of VERIFY_CHUNK pairs at a time."""
    for at in range(0, len(pairs), VERIFY_CHUNK):
        chunk = pairs[at : at + VERIFY_CHUNK]
        stored = texts(sorted({article_id for pair in chunk for article_id in pair}))
        yield from compare_all(chunk, stored, t)
