"""One pair of articles, compared on the text."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from threading import Lock
from typing import NamedTuple

import numpy as np

from etl.match.evidence import Evidence
from etl.match.paragraphs import paragraph_pairs
from etl.match.paragraphs import turned as turned_paragraphs
from etl.match.passages import passages, turned
from etl.match.reading import Reading, read_all
from etl.match.rule import THRESHOLDS, Circumstances, Thresholds, judge, judge_same_words
from etl.match.runs import Corpus, run
from etl.records import Match, ParagraphPair, Passage, Relation, StoredText

_READ_CHARS = 1_000_000  # of bodies that are compared with each other in one go
_KEPT_CHARS = 3_000_000  # of bodies whose readings are kept, at about 15 bytes a character


def compare_all(
    pairs: Sequence[tuple[int, int]], texts: Mapping[int, StoredText], t: Thresholds = THRESHOLDS
) -> Iterator[Match]:
    """Compare pairs of articles, given by number; yield what is worth a note. Pairs with one article stand together."""
    for part in _parts(pairs, texts):
        ids = dict.fromkeys(article_id for pair in part for article_id in pair)
        readings = _recent.read([texts[article_id].body for article_id in ids])
        corpus = Corpus(readings)
        together = {i: _Read(texts[i], reading, at) for at, (i, reading) in enumerate(zip(ids, readings, strict=True))}
        for left, right in part:
            match = _compare(together[left], together[right], corpus, t)
            if match is not None:
                yield match


class Recent:
    """The readings of the bodies that were read last: copies come close together in time."""

    def __init__(self, most_chars: int) -> None:
        self._most_chars = most_chars
        self._kept: dict[str, Reading] = {}
        self._read: deque[list[str]] = deque()  # what was read together, the latest last; its readings share memory
        self._lock = Lock()

    def read(self, bodies: Sequence[str]) -> list[Reading]:
        """Return the readings of bodies, made now or kept."""
        with self._lock:
            new = [body for body in dict.fromkeys(bodies) if body not in self._kept]
            if new:
                self._kept.update(zip(new, read_all(new), strict=True))
                self._read.append(new)
            found = [self._kept[body] for body in bodies]
            while sum(map(len, self._kept)) > self._most_chars:
                for body in self._read.popleft():
                    del self._kept[body]
        return found


_recent = Recent(_KEPT_CHARS)


def _parts(pairs: Sequence[tuple[int, int]], texts: Mapping[int, StoredText]) -> Iterator[list[tuple[int, int]]]:
    """Cut pairs into lists whose bodies have about _READ_CHARS characters, or of one pair."""
    part: list[tuple[int, int]] = []
    ids: set[int] = set()
    chars = 0
    for pair in pairs:
        chars += sum(len(texts[article_id].body) for article_id in pair if article_id not in ids)
        if part and chars > _READ_CHARS:
            yield part
            part, ids, chars = [], set(), sum(len(texts[article_id].body) for article_id in pair)
        part.append(pair)
        ids.update(pair)
    if part:
        yield part


def compare(left: StoredText, right: StoredText, t: Thresholds = THRESHOLDS) -> Match | None:
    """Return what two articles share, or None where that is nothing worth a note. The order does not matter.

    raises  ValueError for fingerprints of different schemes, which are not comparable, and for one article twice.
    """
    readings = read_all([left.body, right.body])
    one, other = _Read(left, readings[0], 0), _Read(right, readings[1], 1)
    return _compare(one, other, Corpus(readings), t)


class _Read(NamedTuple):
    text: StoredText
    reading: Reading
    place: int  # in the corpus


def _compare(one: _Read, other: _Read, corpus: Corpus, t: Thresholds) -> Match | None:
    left, right = one.text, other.text
    if left.scheme != right.scheme:
        raise ValueError(f"fingerprints of {left.scheme} and {right.scheme} are not comparable")
    if left.article_id == right.article_id:
        raise ValueError(f"article {left.article_id} compared with itself")
    if left.article_id > right.article_id:
        one, other = other, one
    if left.text_hash == right.text_hash:
        return _same_words(one, other, t)
    return _weighed(one, other, corpus, t)


def _same_words(one: _Read, other: _Read, t: Thresholds) -> Match | None:
    """Compare two texts that are equal in normal form."""
    left, right = one.text, other.text
    words = len(one.reading.words)
    relation = judge_same_words(words, circumstances(left, right), t)
    if relation is None:
        return None
    hashes = left.paragraph_hashes, right.paragraph_hashes
    together = paragraph_pairs((run(0, 0, words),), one.reading, other.reading, *hashes)
    whole = [Passage(0, len(left.body), 0, len(right.body))]
    return _match(left, right, relation, 1.0, 1.0, whole, together)


def _weighed(one: _Read, other: _Read, corpus: Corpus, t: Thresholds) -> Match | None:
    (left, smaller, _), (right, larger, _) = one, other
    swapped = _size(smaller, left) > _size(larger, right)
    if swapped:
        smaller, larger = larger, smaller
    shared = corpus.share(other.place, one.place) if swapped else corpus.share(one.place, other.place)
    relation = judge(Evidence(smaller, larger, shared), circumstances(left, right), t)
    if relation is None:
        return None
    found = passages(shared.runs, smaller, larger, t)
    hashes = (right, left) if swapped else (left, right)
    together = paragraph_pairs(shared.runs, smaller, larger, *(text.paragraph_hashes for text in hashes))
    if swapped:
        found, together = turned(found), turned_paragraphs(together)
    covered = shared.words / len(smaller.words) if smaller.words else 0.0
    return _match(left, right, relation, shared.containment, covered, found, together)


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
