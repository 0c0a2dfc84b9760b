"""Which paragraphs of two texts correspond: equal ones, and those that are one paragraph edited.

No MinHash here. The runs of equal words are known by now, so the similarity of two paragraphs costs an addition a
run and is exact; a signature of a paragraph's few dozen shingles would cost more and be off by .04.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

from etl.match.reading import Reading
from etl.match.runs import Run
from etl.records import ParagraphPair

NEAR = 0.4  # of the words of both; every fifth word of 26 replaced at random .41 and more, every tenth .58
_LESS_THAN_EQUAL = 0.999
MOST_PAIRS = 200  # of two texts; longer ones are lists and tables, which the passages show as well

Place = tuple[int, int]  # positions in the left and the right body


def paragraph_pairs(
    runs: Sequence[Run], left: Reading, right: Reading, left_hashes: Sequence[int], right_hashes: Sequence[int]
) -> list[ParagraphPair]:
    """Return the corresponding paragraphs of two bodies in the order of the left one, at most MOST_PAIRS.

    Equal paragraphs are paired in the order in which they stand, the second of a text with the second of the other.
    A near-equal one may have several counterparts: a paragraph that was cut in two has both halves.
    hashes  of each paragraph's normal form, in order.
    """
    sizes = left.sizes
    equal = [(a, b) for a, b in _equal(left_hashes, right_hashes) if a < len(sizes) and sizes[a]]
    done_left, done_right = {a for a, _ in equal}, {b for _, b in equal}
    near = (
        ParagraphPair(a, b, min(round(similarity, 3), _LESS_THAN_EQUAL))
        for (a, b), similarity in _similar(runs, left, right).items()
        if similarity >= NEAR and a not in done_left and b not in done_right
    )
    found = [*(ParagraphPair(a, b, 1.0) for a, b in equal), *near]
    return sorted(found, key=lambda p: (p.left, p.right))[:MOST_PAIRS]


def turned(found: Iterable[ParagraphPair]) -> list[ParagraphPair]:
    """Return the pairs with left and right exchanged, in the order of the new left body."""
    return sorted((ParagraphPair(p.right, p.left, p.similarity) for p in found), key=lambda p: (p.left, p.right))


def _equal(left: Sequence[int], right: Sequence[int]) -> list[Place]:
    shared = set(left).intersection(right)
    places: dict[int, list[int]] = {hash_: [] for hash_ in shared}
    for position, hash_ in enumerate(left):
        if hash_ in shared:
            places[hash_].append(position)
    rest = {hash_: iter(found) for hash_, found in places.items()}
    pairs = ((next(rest[hash_], None), position) for position, hash_ in enumerate(right) if hash_ in shared)
    return [(mine, position) for mine, position in pairs if mine is not None]


def _similar(runs: Sequence[Run], left: Reading, right: Reading) -> dict[Place, float]:
    """Return the share of the words of two paragraphs that stand in runs between them, 0..1."""
    left_ends, right_ends = list(accumulate(left.sizes)), list(accumulate(right.sizes))
    shared: dict[Place, list[range]] = defaultdict(list)
    for run in runs:
        for place, words in _pieces(run, left_ends, right_ends):
            shared[place].append(words)
    found = {}
    for (a, b), pieces in shared.items():
        common = sum(map(len, pieces))
        both = left.sizes[a] + right.sizes[b]
        if common >= NEAR * (both - common):  # else it is less still by the exact count
            common = min(common, _distinct(pieces))
            found[a, b] = common / (both - common)
    return found


def _distinct(pieces: Sequence[range]) -> int:
    """Return how many words the pieces cover.

    Runs do not overlap in the left text, but may in the right one: "again and again" against a single "again".
    """
    covered, end = 0, 0
    for piece in sorted(pieces, key=lambda p: p.start):
        covered += max(0, piece.stop - max(end, piece.start))
        end = max(end, piece.stop)
    return covered


def _pieces(run: Run, left_ends: Sequence[int], right_ends: Sequence[int]) -> Iterator[tuple[Place, range]]:
    """Cut a run where a paragraph ends in either body; yield each piece as the right text's words."""
    left, right = run.left, run.right
    while left < run.left_end:
        place = bisect_right(left_ends, left), bisect_right(right_ends, right)
        words = min(run.left_end - left, left_ends[place[0]] - left, right_ends[place[1]] - right)
        yield place, range(right, right + words)
        left, right = left + words, right + words
