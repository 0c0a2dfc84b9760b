"""One pair of articles, compared on the text."""

from __future__ import annotations

import numpy as np

from etl.match.evidence import coverage, longest, weigh
from etl.match.paragraphs import paragraph_pairs
from etl.match.paragraphs import turned as turned_paragraphs
from etl.match.passages import passages, turned
from etl.match.reading import Reading, read
from etl.match.rule import THRESHOLDS, Circumstances, Thresholds, judge, judge_same_words, may_be_same
from etl.match.runs import Shared, run, share
from etl.records import Match, ParagraphPair, Passage, Relation, StoredText


def compare(left: StoredText, right: StoredText, t: Thresholds = THRESHOLDS) -> Match | None:
    """Return what two articles share, or None where that is nothing worth a note. The order does not matter.

    raises  ValueError for fingerprints of different schemes, which are not comparable, and for one article twice.
    """
    if left.scheme != right.scheme:
        raise ValueError(f"fingerprints of {left.scheme} and {right.scheme} are not comparable")
    if left.article_id == right.article_id:
        raise ValueError(f"article {left.article_id} compared with itself")
    if left.article_id > right.article_id:
        left, right = right, left
    return (_same_words if left.text_hash == right.text_hash else _weighed)(left, right, t)


def _same_words(left: StoredText, right: StoredText, t: Thresholds) -> Match | None:
    """Compare two texts that are equal in normal form."""
    readings = read(left.body), read(right.body)
    words = len(readings[0].words)
    relation = judge_same_words(words, circumstances(left, right), t)
    if relation is None:
        return None
    together = paragraph_pairs((run(0, 0, words),), *readings, left.paragraph_hashes, right.paragraph_hashes)
    whole = [Passage(0, len(left.body), 0, len(right.body))]
    return _match(left, right, relation, 1.0, 1.0, whole, together)


def _weighed(left: StoredText, right: StoredText, t: Thresholds) -> Match | None:
    smaller, larger = read(left.body), read(right.body)
    swapped = _size(smaller, left) > _size(larger, right)
    if swapped:
        smaller, larger = larger, smaller
    shared = share(smaller, larger)
    relation = _relation(smaller, larger, shared, circumstances(left, right), t)
    if relation is None:
        return None
    found = passages(shared.runs, smaller, larger, t)
    hashes = (right, left) if swapped else (left, right)
    together = paragraph_pairs(shared.runs, smaller, larger, *(text.paragraph_hashes for text in hashes))
    if swapped:
        found, together = turned(found), turned_paragraphs(together)
    covered = coverage(shared.runs, len(smaller.words))
    return _match(left, right, relation, shared.containment, covered, found, together)


def _relation(
    smaller: Reading, larger: Reading, shared: Shared, around: Circumstances, t: Thresholds
) -> Relation | None:
    """Judge two texts; what they share is weighed only where that can make them one."""
    if may_be_same(shared.containment, t):
        return judge(weigh(smaller, larger, shared), around, t)
    return "shares_passage" if longest(shared.runs) >= t.passage_words else None


def _match(
    left: StoredText,
    right: StoredText,
    relation: Relation,
    containment: float,
    coverage: float,
    found: list[Passage],
    together: list[ParagraphPair],
) -> Match:
    return Match(
        left_id=left.article_id,
        right_id=right.article_id,
        relation=relation,
        jaccard=jaccard(left, right),
        containment=containment,
        coverage=coverage,
        shared_paragraphs=len(set(left.paragraph_hashes) & set(right.paragraph_hashes)),
        passages=tuple(found),
        paragraphs=tuple(together),
    )


def jaccard(left: StoredText, right: StoredText) -> float:
    """Return the MinHash estimate, 0..1; texts too short to shingle have none and are alike only when identical."""
    if not left.signature or not right.signature:
        return float(left.text_hash == right.text_hash)
    a, b = np.frombuffer(left.signature, "<u4"), np.frombuffer(right.signature, "<u4")
    return float(np.count_nonzero(a == b)) / len(a)


def _size(reading: Reading, text: StoredText) -> tuple[int, str]:
    """Return what makes a text the smaller one; ids would make that depend on the order of arrival."""
    return len(reading.words), text.identity


def circumstances(left: StoredText, right: StoredText) -> Circumstances:
    """Return what is known of two articles besides their text."""
    return Circumstances(
        hours=_hours(left, right),
        timed=left.published_at is not None and right.published_at is not None and not _day_only(left, right),
        same_site=left.publisher is not None and left.publisher == right.publisher,
    )


def _day_only(left: StoredText, right: StoredText) -> bool:
    return "day" in (left.precision, right.precision)


def _hours(left: StoredText, right: StoredText) -> float | None:
    """Return the least hours between two publications: a bare day may stand for any hour of it."""
    if left.published_at is None or right.published_at is None:
        return None
    hours = abs((left.published_at - right.published_at).total_seconds()) / 3600
    return max(0.0, hours - 24.0) if _day_only(left, right) else hours
