"""Slots: what stands in each other's place in two texts, names or numbers among them.

A slot is a short stretch between two shared runs that differs in both texts: where a template has its names and
numbers, a correction its figure, an edited copy another word.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from etl.match.reading import Reading
from etl.match.runs import Run

_SLOT_WORDS = 24  # a longer difference is a passage of its own; the numbers of a draw take up to 20
_ALIKE = 0.7  # of difflib's ratio: "rebiya" and "rebya" .91; places and people of a form mostly under .6
_MISREAD = 0.25  # of its characters: with more digits a word is a number, "rec0gnise" is a word
_LEAD_WORDS = 25  # of the own telling: the first sentence, where a notice says whom it is about

Slot = tuple[int, int, int, int]  # word positions: [begin, end) in the smaller text, [begin, end) in the larger
Places = dict[str, int]  # words, and where each stands


class Contrast(NamedTuple):
    """What the words of one kind, numbers or names, say in a slot where both texts have some."""

    begin: int  # of the slot in the smaller text
    other_begin: int  # in the larger
    agree: int
    alone: Places  # what the smaller text has that the larger has not, there
    other_alone: Places

    @property
    def differ(self) -> int:
        return min(len(self.alone), len(self.other_alone))

    def foreign(self, smaller: Reading, larger: Reading) -> int:
        """Return how many of the words that differ the other text does not have in any place."""
        if not self.differ:
            return 0  # it takes one on each side to differ
        return min(
            sum([not larger.has_word_of(smaller, at) for at in self.alone.values()]),
            sum([not smaller.has_word_of(larger, at) for at in self.other_alone.values()]),
        )


def slots(runs: Sequence[Run], left: Reading, right: Reading) -> Iterator[Slot]:
    """Yield the short differences between runs that follow each other in both texts.

    A paragraph that differs at its beginning counts, whatever furniture stands in front of it.
    """
    for before, after in pairwise(runs):
        slot = before.left_end, after.left, before.right_end, after.right
        if _is_short(slot):
            yield slot
        elif before.left_end <= after.left:
            yield from _beginning(after, left, right)
    if runs:
        yield from _beginning(runs[0], left, right)


def _is_short(slot: Slot) -> bool:
    return 0 < slot[1] - slot[0] <= _SLOT_WORDS and 0 < slot[3] - slot[2] <= _SLOT_WORDS


def _beginning(run: Run, left: Reading, right: Reading) -> Iterator[Slot]:
    """Yield what stands before a run in its paragraph, if that is short and there in both texts."""
    slot = _opening(run.left, left), run.left, _opening(run.right, right), run.right
    if _is_short(slot):
        yield slot


def _opening(at: int, reading: Reading) -> int:
    return max(reading.openings.item(at), at - _SLOT_WORDS - 1)


def _differences(left: Set[str], right: Set[str]) -> tuple[Set[str], Set[str]]:
    """Return what each side has alone; shortened and garbled words pass for the same."""
    a, b = left - right, right - left
    alike = [(x, y) for x in a for y in b if _alike(x, y)]
    if alike:
        a, b = a - {x for x, _ in alike}, b - {y for _, y in alike}
    return a, b


@lru_cache(maxsize=1 << 14)  # forms and families ask for the same words again
def _alike(left: str, right: str) -> bool:
    """Say whether two words may be one, shortened ("oct", "october") or misread ("swiftles", "swifties").

    Never where one is a number: "12th" and "13th" look alike and are not.
    """
    if left[0] != right[0] or _is_number(left) or _is_number(right):
        return False
    if left.startswith(right) or right.startswith(left):
        return True
    both = SequenceMatcher(None, left, right)
    return both.real_quick_ratio() >= _ALIKE and both.quick_ratio() >= _ALIKE and both.ratio() >= _ALIKE


def _is_number(word: str) -> bool:
    return not word.isalpha() and sum(map(str.isdigit, word)) > _MISREAD * len(word)


def contrasts(
    left: Reading, left_marks: bytes, right: Reading, right_marks: bytes, slots: Iterable[Slot]
) -> Iterator[Contrast]:
    """Yield what marked words say in the slots that hold some on both sides."""
    for begin, end, other_begin, other_end in slots:
        if left_marks.find(1, begin, end) < 0 or right_marks.find(1, other_begin, other_end) < 0:
            continue
        here = _marked(left, left_marks, begin, end)
        there = _marked(right, right_marks, other_begin, other_end)
        a, b = _differences(here.keys(), there.keys())
        alone, other_alone = {word: here[word] for word in a}, {word: there[word] for word in b}
        yield Contrast(begin, other_begin, len(here.keys() & there.keys()), alone, other_alone)


def _marked(reading: Reading, marks: bytes, begin: int, end: int) -> Places:
    """Return the words from one place to another that have a mark."""
    found = dict[str, int]()
    at = marks.find(1, begin, end)
    while at >= 0:
        found[reading.words[at]] = at
        at = marks.find(1, at + 1, end)
    return found


def leads(names: Contrast, left: Reading, right: Reading) -> bool:
    """Say whether a slot stands in the first sentence, or where a paragraph begins."""
    begin, other_begin = names.begin, names.other_begin
    return min(begin, other_begin) <= _LEAD_WORDS or (_begins(begin, left) and _begins(other_begin, right))


def _begins(at: int, reading: Reading) -> bool:
    return bool(reading.openings.item(at) == at)
