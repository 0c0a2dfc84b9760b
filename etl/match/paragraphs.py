"""Which paragraphs of two texts correspond: equal ones, and those that are one paragraph edited.

No MinHash here. The runs of equal words are known by now, so the similarity of two paragraphs costs an addition a
run and is exact; a signature of a paragraph's few dozen shingles would cost more and be off by .04.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence

from etl.match.reading import Reading
from etl.match.runs import Run
from etl.records import ParagraphPair

NEAR = 0.4  # of the words of both; every fifth word of 26 replaced at random .41 and more, every tenth .58
_LESS_THAN_EQUAL = 0.999
MOST_PAIRS = 200  # of two texts; longer ones are lists and tables, which the passages show as well

Place = tuple[int, int]  # positions in the left and the right body
Words = tuple[int, int]  # [begin, end)


def paragraph_pairs(
    runs: Sequence[Run], left: Reading, right: Reading, left_hashes: Sequence[int], right_hashes: Sequence[int]
) -> list[ParagraphPair]:
    """Return the corresponding paragraphs of two bodies in the order of the left one, at most MOST_PAIRS.

    Equal paragraphs are paired in the order in which they stand, the second of a text with the second of the other.
    A near-equal one may have several counterparts: a paragraph that was cut in two has both halves.
    hashes  of each paragraph's normal form, in order.
    """
    found = [(a, b, 1.0) for a, b in _equal(left_hashes, right_hashes) if _has_words(left, a)]
    done_left, done_right = {a for a, _, _ in found}, {b for _, b, _ in found}
    for (a, b), pieces in _common(runs, left.paragraph_ends, right.paragraph_ends).items():
        if a not in done_left and b not in done_right:
            similarity = _similarity(pieces, left.paragraph_words(a) + right.paragraph_words(b))
            if similarity >= NEAR:
                found.append((a, b, min(round(similarity, 3), _LESS_THAN_EQUAL)))
    return [ParagraphPair(*pair) for pair in sorted(found)[:MOST_PAIRS]]


def turned(found: Iterable[ParagraphPair]) -> list[ParagraphPair]:
    """Return the pairs with left and right exchanged, in the order of the new left body."""
    return sorted((ParagraphPair(p.right, p.left, p.similarity) for p in found), key=lambda p: (p.left, p.right))


def _equal(left: Sequence[int], right: Sequence[int]) -> list[Place]:
    shared = set(left).intersection(right)
    if not shared:
        return []
    places: dict[int, list[int]] = {hash_: [] for hash_ in shared}
    for position, hash_ in enumerate(left):
        if hash_ in shared:
            places[hash_].append(position)
    rest = {hash_: iter(found) for hash_, found in places.items()}
    pairs = ((next(rest[hash_], None), position) for position, hash_ in enumerate(right) if hash_ in shared)
    return [(mine, position) for mine, position in pairs if mine is not None]


def _has_words(reading: Reading, paragraph: int) -> bool:
    return paragraph < len(reading.paragraph_ends) and reading.paragraph_words(paragraph) > 0


def _similarity(pieces: Sequence[Words], both: int) -> float:
    """Return the share of the words of two paragraphs that stand in runs between them, 0..1.

    pieces  the right paragraph's words of these runs.
    both    words of the two paragraphs together.
    """
    common = sum([end - begin for begin, end in pieces])
    if len(pieces) > 1 and common >= NEAR * (both - common):  # else it is less than NEAR by the exact count too
        common = min(common, _distinct(pieces))
    return common / (both - common)


def _distinct(pieces: Sequence[Words]) -> int:
    """Return how many words the pieces cover.

    Runs do not overlap in the left text, but may in the right one: "again and again" against a single "again".
    """
    covered, done = 0, 0
    for begin, end in sorted(pieces):
        covered += max(0, end - max(done, begin))
        done = max(done, end)
    return covered


def _common(runs: Sequence[Run], left_ends: Sequence[int], right_ends: Sequence[int]) -> dict[Place, list[Words]]:
    """Return the right text's words of the runs between two paragraphs: a run is cut where either ends."""
    shared: dict[Place, list[Words]] = {}
    for run in runs:
        left, right = run.left, run.right
        while right < run.right_end:
            a, b = bisect_right(left_ends, left), bisect_right(right_ends, right)
            end = min(run.right_end, right_ends[b], right + left_ends[a] - left)
            shared.setdefault((a, b), []).append((right, end))
            left, right = left + end - right, end
    return shared
