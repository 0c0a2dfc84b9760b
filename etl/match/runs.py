"""Runs of equal words that two texts share."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt

SHINGLE_WORDS = 3  # shortest run that counts; two equal words are mere language
_PLACES_TRIED = 8  # places of a run that is repeated in the other text
_CUBE_FITS = 1 << 21  # so many distinct words, to the third power, are below 2^63

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Run:
    """Equal words: `length` of them, from word `left` of one text and word `right` of the other."""

    left: int
    right: int
    length: int

    @property
    def left_end(self) -> int:
        return self.left + self.length

    @property
    def right_end(self) -> int:
        return self.right + self.length


@dataclass(frozen=True, slots=True)
class Shared:
    """What two texts share, word by word."""

    runs: tuple[Run, ...]  # in the order of the left text, without overlap there
    containment: float  # share of the left text's distinct shingles found in the right one, 0..1


def share(left: Sequence[str], right: Sequence[str]) -> Shared:
    """Return the runs and the containment of two texts given as words; exact, nothing is hashed.

    Greedy: at each word the longest run is taken; of equal ones that nearest behind the run before.
    """
    left_ids, right_ids, distinct = _number(left, right)
    left_shingles, right_shingles = _shingles(left_ids, right_ids, distinct)
    order = np.argsort(right_shingles, kind="stable")
    ranked = right_shingles[order]
    first = np.searchsorted(ranked, left_shingles, side="left")
    after = np.searchsorted(ranked, left_shingles, side="right")
    found = np.flatnonzero(after > first)
    if not len(found):
        return Shared((), 0.0)
    contained = len(np.unique(left_shingles[found])) / len(np.unique(left_shingles))
    return Shared(tuple(_runs(left_ids, right_ids, found.tolist(), order, first, after)), contained)


def _number(left: Sequence[str], right: Sequence[str]) -> tuple[list[int], list[int], int]:
    """Return both texts with a number for each distinct word, and how many there are."""
    numbers = {word: number for number, word in enumerate(dict.fromkeys(chain(left, right)))}
    return [numbers[w] for w in left], [numbers[w] for w in right], len(numbers)


def _shingles(left: Sequence[int], right: Sequence[int], distinct: int) -> tuple[Numbers, Numbers]:
    """Return a number for each word-3 shingle of both texts, equal for equal shingles alone."""
    ids = np.array([*left, *right], np.int64)
    pairs = ids[:-1] * distinct + ids[1:]
    if distinct >= _CUBE_FITS:
        pairs = np.unique(pairs, return_inverse=True)[1]
    whole = pairs[:-1] * distinct + ids[2:]
    last = SHINGLE_WORDS - 1
    return whole[: max(len(left) - last, 0)], whole[len(left) : len(left) + max(len(right) - last, 0)]


def _runs(
    left: list[int], right: list[int], found: list[int], order: Numbers, first: Numbers, after: Numbers
) -> list[Run]:
    """Return runs from the places where a shingle is found.

    found  positions in the left text whose shingle stands in the right one, rising.
    order  positions in the right text by shingle; those of position p in [first[p], after[p]), rising.
    """
    runs: list[Run] = []
    at, expected = 0, 0
    while at < len(found):
        place = found[at]
        near = _nearest(order[first[place] : after[place]], expected)
        run = max((_extend(left, right, place, other) for other in near), key=lambda r: r.length)
        runs.append(run)
        expected = run.right_end
        at = bisect_left(found, run.left_end, at + 1)
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
    return Run(at, place, length)
