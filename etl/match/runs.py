"""Runs of equal words that two texts share."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from operator import attrgetter
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from etl.match.reading import SHINGLE_WORDS, Reading

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
    ranks = np.searchsorted(right.ranked, left.ranked)  # sorted ones are looked up in a third of the time
    there = np.take(right.ranked, ranks, mode="clip") == left.ranked
    found = np.flatnonzero(there)
    if not len(found):
        return Shared((), 0.0)
    contained = float(np.count_nonzero(there & left.first) / np.count_nonzero(left.first))
    places = left.order[found]
    rising = np.argsort(places)
    return Shared(tuple(_runs(left, right, places[rising].tolist(), ranks[found[rising]])), contained)


def _runs(left: Reading, right: Reading, found: list[int], ranks: Numbers) -> list[Run]:
    """Return runs from the places where a shingle is found.

    found  positions in the left text whose shingle stands in the right one, rising.
    ranks  for each the first place of its shingle in `right.ranked`; its other places follow.
    """
    runs: list[Run] = []
    places, ranked = right.order[ranks].tolist(), right.ranked
    repeated = (np.take(ranked, ranks + 1, mode="clip") == ranked[ranks]) & (ranks + 1 < len(ranked))
    only = (~repeated).tolist()
    at, expected = 0, 0
    while at < len(found):
        if only[at]:
            longest = _extend(left.keys, right.keys, found[at], places[at])
        else:
            after = np.searchsorted(ranked, ranked[ranks[at]], side="right")
            near = _nearest(right.order[ranks[at] : after], expected)
            longest = max((_extend(left.keys, right.keys, found[at], p) for p in near), key=attrgetter("length"))
        runs.append(longest)
        expected = longest.right_end
        at = bisect_left(found, longest.left_end, at + 1)
    return runs


def _nearest(places: Numbers, expected: int) -> list[int]:
    """Return the places next to the expected one, nearest first: a text may repeat a run 100,000 times."""
    if len(places) > _PLACES_TRIED:
        at = int(np.searchsorted(places, expected))
        places = places[max(0, at - _PLACES_TRIED // 2) : at + _PLACES_TRIED // 2]
    near: list[int] = places.tolist()
    near.sort(key=lambda p: (abs(p - expected), p))
    return near


def _extend(left: list[int], right: list[int], at: int, place: int) -> Run:
    """Return the run that begins at two places known to agree in one shingle; steps double, so it is quick."""
    length, step = SHINGLE_WORDS, 8
    while step:
        a, b = left[at + length : at + length + step], right[place + length : place + length + step]
        if len(a) == step and a == b:
            length, step = length + step, step * 2
        else:
            step //= 2
    return run(at, place, length)
