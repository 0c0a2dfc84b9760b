"""Runs of equal words that two texts share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from etl.match.reading import KEY_BYTES, SHINGLE_WORDS, Hashes, Reading, Truths

FILLED_WORDS = 8  # a shorter gap inside shared text is noise, not a passage of its own
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


@dataclass(frozen=True)
class Shared:
    """What two texts share, word by word."""

    runs: tuple[Run, ...]  # in the order of the left text, without overlap there
    containment: float  # share of the left text's distinct shingles found in the right one, 0..1

    @property
    def words(self) -> int:
        """How many words of the left text stand in runs."""
        return sum([r.length for r in self.runs])

    @property
    def filled(self) -> int:
        """How many words stand in runs or in gaps of a few words between two of them."""
        gaps = [after.left - before.left_end for before, after in pairwise(self.runs)]
        return self.words + sum([gap for gap in gaps if gap <= FILLED_WORDS])

    @property
    def longest(self) -> int:
        """The words of the longest run."""
        return max([r.length for r in self.runs], default=0)


@dataclass(frozen=True, eq=False)
class _Numbered:
    """A text whose shingles have numbers, the same for equal ones in all texts of a corpus."""

    keys: bytes  # of its words
    numbers: Numbers  # of each shingle, in reading order
    once: Truths  # whether it has no equal in this text
    firsts: Numbers  # places of the shingles that are the first of their equals, rising

    @cached_property
    def by_number(self) -> tuple[Numbers, Numbers]:
        """The numbers sorted, and where each stands; equal ones in reading order."""
        order = self.numbers.argsort(kind="stable")
        return self.numbers[order], order


class Corpus:
    """Texts that are compared with each other. One is looked up in another by the numbers of shingles, not searched."""

    def __init__(self, readings: Sequence[Reading]) -> None:
        numbers, once, first = _number([r.shingles for r in readings])
        ends = accumulate((len(r.shingles) for r in readings), initial=0)
        self._texts = [
            _Numbered(reading.keys, numbers[a:b], once[a:b], first[a:b].nonzero()[0])
            for reading, (a, b) in zip(readings, pairwise(ends), strict=True)
        ]
        self._places = np.full(int(numbers.max(initial=-1)) + 1, -1)  # by number, in the text that is held
        self._held: _Numbered | None = None

    def share(self, left: int, right: int) -> Shared:
        """Return the runs and the containment of two texts, given by their places in the corpus.

        Greedy: at each word the longest run is taken; of equal ones that nearest behind the run before.
        """
        one, other = self._texts[left], self._texts[right]
        self._hold(other)
        places = self._places[one.numbers]
        found = (places >= 0).nonzero()[0]
        if not len(found):
            return Shared((), 0.0)
        contained = np.count_nonzero(places[one.firsts] >= 0) / len(one.firsts)
        return Shared(tuple(_runs(one, other, found, places[found])), float(contained))

    def _hold(self, text: _Numbered) -> None:
        if self._held is not text:
            if self._held is not None:
                self._places[self._held.numbers] = -1
            self._places[text.numbers[text.firsts]] = text.firsts
            self._held = text


def share(left: Reading, right: Reading) -> Shared:
    """Return what two texts share; see `Corpus.share`."""
    return Corpus([left, right]).share(0, 1)


def _number(texts: Sequence[Hashes]) -> tuple[Numbers, Truths, Truths]:
    """Return for each shingle of the texts, one behind the other, its number, equal ones having the same one.

    Also whether it has no equal in its text, and whether it is the first of its equals there.
    """
    every = np.concatenate(texts)
    order = every.argsort()
    ranked = every[order]
    new = np.ones(len(order), np.bool_)
    np.not_equal(ranked[1:], ranked[:-1], out=new[1:])
    numbers = np.cumsum(new) - 1
    # Equal ones in reading order: to sort once more is quicker than a sort that keeps the order.
    order = np.sort(numbers * len(order) + order) - numbers * len(order)
    text = np.repeat(np.arange(len(texts)), [len(t) for t in texts])[order]
    new[1:] |= text[1:] != text[:-1]
    once = new.copy()
    once[:-1] &= new[1:]
    back = np.empty_like(order)
    back[order] = np.arange(len(order))
    return numbers[back], once[back], new[back]


def _runs(left: _Numbered, right: _Numbered, found: Numbers, places: Numbers) -> Iterator[Run]:
    """Yield runs from the places where a shingle is found.

    found   positions in the left text whose shingle stands in the right one, rising.
    places  for each the first place of its shingle in the right text.
    """
    once, keys = right.once[places].tobytes(), right.keys
    # A shingle that follows the one before it in both texts belongs to the same stretch.
    breaks = (found[1:] - found[:-1] != 1) | (places[1:] - places[:-1] != 1)
    cuts = breaks.nonzero()[0] + 1
    bounds = [0, *cuts.tolist(), len(found)]
    begins = zip([found.item(0), *found[cuts].tolist()], [places.item(0), *places[cuts].tolist()], strict=True)
    at, expected = 0, 0  # in the left and in the right text
    for (begin, end), (first, place) in zip(pairwise(bounds), begins, strict=True):
        after = first + end - begin  # behind the stretch's last shingle
        at = max(at, first)
        while at < after:
            here = place + at - first
            if once[begin + at - first]:
                length = after - at - 1 + SHINGLE_WORDS
                if end < len(once) and not once[end]:
                    length = _extended(left.keys, keys, at, here, length)
            else:
                near = _nearest(right, here, expected)
                lengths = [_extended(left.keys, keys, at, p, SHINGLE_WORDS) for p in near]
                length = max(lengths)
                here = near[lengths.index(length)]
            yield run(at, here, length)
            at, expected = at + length, here + length


def _nearest(right: _Numbered, place: int, expected: int) -> list[int]:
    """Return the places of a shingle next to the expected one, nearest first: a text may repeat it 100,000 times.

    place  the first of them.
    """
    numbers, order = right.by_number
    first, after = numbers.searchsorted(right.numbers[place] + np.arange(2))
    places = order[first:after]
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
