"""Runs of equal words that two texts share."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from etl.match.reading import KEY_BYTES, SHINGLE_WORDS, Reading

_PLACES_TRIED = 8  # places of a run that is repeated in the other text

Numbers = npt.NDArray[np.int64]


class Run(NamedTuple):  # a frozen dataclass takes three times as long to make, and there are millions
    """Equal words: `length` of them, from word `left` of one text and word `right` of the other."""

    left: int
    right: int
    length: int
    left_end: int
    right_end: int


def run(left: int, right: int, length: int) -> Run:
    """Return the run of so many words from two places."""
    return Run(left, right, length, left + length, right + length)


@dataclass(frozen=True, slots=True)
class Shared:
    """What two texts share, word by word."""

    runs: tuple[Run, ...]  # in the order of the left text, without overlap there
    containment: float  # share of the left text's distinct shingles found in the right one, 0..1


def share(left: Reading, right: Reading) -> Shared:
    """Return the runs and the containment of two texts.

    Greedy: at each word the longest run is taken; of equal ones that nearest behind the run before.
    """
    if not len(left.ranked) or not len(right.ranked):
        return Shared((), 0.0)
    ranks = right.ranked.searchsorted(left.ranked)  # sorted ones are looked up in a third of the time
    there = right.ranked.take(ranks, mode="clip") == left.ranked
    if not there.any():
        return Shared((), 0.0)
    contained = float(np.count_nonzero(there & left.first) / np.count_nonzero(left.first))
    rank_of = np.full(len(ranks), -1)  # of each shingle of the left text in its order, among those of the right one
    rank_of[left.order[there]] = ranks[there]
    found = (rank_of >= 0).nonzero()[0]
    return Shared(tuple(_runs(left, right, found, rank_of[found])), contained)


def _runs(left: Reading, right: Reading, found: Numbers, ranks: Numbers) -> Iterator[Run]:
    """Yield runs from the places where a shingle is found.

    found  positions in the left text whose shingle stands in the right one, rising.
    ranks  for each the first place of its shingle in `right.ranked`; its other places follow.
    """
    only = np.append(right.first, True)[ranks + 1]
    places = right.order[ranks]
    # A shingle that follows the one before it in both texts belongs to the same run.
    breaks = (np.diff(found) != 1) | (np.diff(places) != 1)
    lasts = [*breaks.nonzero()[0].tolist(), len(found) - 1]
    starts, once, first_places = found.tolist(), only.tolist(), places.tolist()
    at, expected = 0, 0
    while at < len(starts):
        if once[at]:
            last = lasts[bisect_left(lasts, at)]
            length = last - at + SHINGLE_WORDS
            if last + 1 < len(starts) and not once[last + 1]:
                length = _extended(left.keys, right.keys, starts[at], first_places[at], length)
            longest = run(starts[at], first_places[at], length)
        else:
            near = _nearest(right, int(ranks[at]), expected)
            lengths = [_extended(left.keys, right.keys, starts[at], place, SHINGLE_WORDS) for place in near]
            length = max(lengths)
            longest = run(starts[at], near[lengths.index(length)], length)
        yield longest
        expected = longest.right_end
        at = bisect_left(starts, longest.left_end, at + 1)


def _nearest(right: Reading, rank: int, expected: int) -> list[int]:
    """Return the places of a shingle next to the expected one, nearest first: a text may repeat it 100,000 times."""
    after = right.ranked.searchsorted(right.ranked[rank], side="right")
    places = right.order[rank:after]
    if len(places) > _PLACES_TRIED:
        at = int(places.searchsorted(expected))
        places = places[max(0, at - _PLACES_TRIED // 2) : at + _PLACES_TRIED // 2]
    near: list[int] = places.tolist()
    near.sort(key=lambda p: (abs(p - expected), p))
    return near


def _extended(left: bytes, right: bytes, at: int, place: int, length: int) -> int:
    """Return how far two texts agree from two places, known to agree so far; steps double, so it is quick."""
    step, at, place = 8 * KEY_BYTES, (at + length) * KEY_BYTES, (place + length) * KEY_BYTES
    begin = at
    while step >= KEY_BYTES:
        part = left[at : at + step]
        if len(part) == step and part == right[place : place + step]:
            at, place, step = at + step, place + step, step * 2
        else:
            step //= 2
    return length + (at - begin) // KEY_BYTES
