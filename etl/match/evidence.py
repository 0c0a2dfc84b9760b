"""What two texts have in common, measured; judged elsewhere.

`smaller` is the text with fewer words. A slot is a short stretch between two shared runs that differs in both texts:
where a template has its names and numbers, a correction its figure, an edited copy another word.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from etl.match.reading import Reading
from etl.match.runs import Run, Shared

_SLOT_WORDS = 24  # a longer difference is a passage of its own; the numbers of a draw take up to 20
_ALIKE = 0.7  # of difflib's ratio: "rebiya" and "rebya" .91; places and people of a form mostly under .6
_MISREAD = 0.25  # of its characters: with more digits a word is a number, "rec0gnise" is a word
_TELLING_WORDS = 20  # in a run, that make it part of the telling, whatever it quotes
_LEAD_WORDS = 25  # of the own telling: the first sentence, where a notice says whom it is about


@dataclass(frozen=True, slots=True)
class Evidence:
    """Shares are 0..1."""

    words: int  # of the smaller text
    ratio: float  # its words to the larger text's
    containment: float  # share of its distinct shingles found in the larger text
    coverage: float  # share of its words in shared runs
    filled: float  # the same with short gaps between runs filled
    longest: int  # words of the longest shared run
    told: int  # words of the smaller text's own telling
    told_coverage: float  # share of them in shared runs
    head: int  # words of own telling before the first shared one, in whichever text has more
    heads: int  # the same, in whichever text has fewer: furniture stands in front of one text, two stories open apart
    numbers_agree: int  # words with digits in shared runs
    numbers_differ: int  # words with digits that differ in slots
    numbers_told: int  # those of them that the other text has too, as a correction tells what it puts right
    names_agree: int
    names_differ: int
    lead_differs: bool  # a name differs in a slot of the first sentence
    swapped: int  # words of the longest passage that stands, between shared ones, for an entirely different one
    runs: tuple[Run, ...]  # left: the smaller text


def weigh(smaller: Reading, larger: Reading, shared: Shared) -> Evidence:
    """Return what the smaller text has in common with the larger one."""
    runs, words = shared.runs, len(smaller.words)
    told, told_shared = smaller.told.count(1), _marks_inside(smaller.told, runs)
    slots = list(_slots(runs, smaller, larger))
    heads = _heads(smaller, larger, runs)
    numbers = list(_contrasts(smaller, smaller.numbers, larger, larger.numbers, slots))
    names = list(_contrasts(smaller, smaller.names, larger, larger.names, slots))
    return Evidence(
        words=words,
        ratio=words / len(larger.words) if larger.words else 1.0,
        containment=shared.containment,
        coverage=shared.words / words if words else 0.0,
        filled=shared.filled / words if words else 0.0,
        longest=shared.longest,
        told=told,
        told_coverage=told_shared / told if told else 0.0,
        head=max(heads),
        heads=min(heads),
        numbers_agree=_marks_inside(smaller.numbers, runs) + sum([n.agree for n in numbers]),
        numbers_differ=sum([n.differ for n in numbers]),
        numbers_told=sum([n.differ - n.foreign for n in numbers]),
        names_agree=_marks_inside(smaller.names, runs) + sum([n.agree for n in names]),
        # A name that the other text has elsewhere is no other name: a paragraph was moved, "he" stands for it. The next
        # notice of a form does not know this one's names; numbers meet by chance.
        names_differ=sum([n.foreign for n in names]),
        lead_differs=any(n.foreign and _leads(n, smaller, larger) for n in names),
        swapped=_swapped(runs),
        runs=runs,
    )


def _marks_inside(marks: bytes, runs: Sequence[Run]) -> int:
    """Return how many words in runs of the left text have a mark."""
    return sum([marks.count(1, left, left_end) for left, _, _, left_end, _ in runs])


Slot = tuple[int, int, int, int]  # word positions: [begin, end) in the smaller text, [begin, end) in the larger
Places = dict[str, int]  # words, and where each stands


class _Contrast(NamedTuple):
    """What the words of one kind, numbers or names, say in a slot where both texts have some."""

    begin: int  # of the slot in the smaller text
    other_begin: int  # in the larger
    agree: int
    differ: int
    foreign: int  # those that differ, and that the other text does not have in another place


def _slots(runs: Sequence[Run], left: Reading, right: Reading) -> Iterator[Slot]:
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


def _differences(left: Places, right: Places) -> tuple[Places, Places]:
    """Return what each side has alone; shortened and garbled words pass for the same."""
    a = {word: at for word, at in left.items() if word not in right}
    b = {word: at for word, at in right.items() if word not in left}
    if not (a and b):
        return a, b
    return (
        {x: at for x, at in a.items() if not any(_alike(x, y) for y in b)},
        {y: at for y, at in b.items() if not any(_alike(x, y) for x in a)},
    )


def _foreign(alone: tuple[Places, Places], left: Reading, right: Reading) -> tuple[int, int]:
    """Return how many of the words the other text does not have in any place."""
    if not all(alone):
        return len(alone[0]), len(alone[1])  # it takes one on each side to differ
    return (
        sum([not right.has_word_of(left, at) for at in alone[0].values()]),
        sum([not left.has_word_of(right, at) for at in alone[1].values()]),
    )


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


def _contrasts(
    left: Reading, left_marks: bytes, right: Reading, right_marks: bytes, slots: Iterable[Slot]
) -> Iterator[_Contrast]:
    """Yield what marked words say in the slots that hold some on both sides."""
    for begin, end, other_begin, other_end in slots:
        if left_marks.find(1, begin, end) < 0 or right_marks.find(1, other_begin, other_end) < 0:
            continue
        here = _marked(left, left_marks, begin, end)
        there = _marked(right, right_marks, other_begin, other_end)
        alone = _differences(here, there)
        foreign = min(_foreign(alone, left, right))
        yield _Contrast(begin, other_begin, len(here.keys() & there.keys()), min(map(len, alone)), foreign)


def _marked(reading: Reading, marks: bytes, begin: int, end: int) -> Places:
    """Return the words from one place to another that have a mark."""
    found = dict[str, int]()
    at = marks.find(1, begin, end)
    while at >= 0:
        found[reading.words[at]] = at
        at = marks.find(1, at + 1, end)
    return found


def _leads(names: _Contrast, left: Reading, right: Reading) -> bool:
    """Say whether a slot stands in the first sentence, or where a paragraph begins."""
    begin, other_begin = names.begin, names.other_begin
    return min(begin, other_begin) <= _LEAD_WORDS or (_begins(begin, left) and _begins(other_begin, right))


def _begins(at: int, reading: Reading) -> bool:
    return bool(reading.openings.item(at) == at)


def _swapped(runs: Sequence[Run]) -> int:
    """Return how long the longest difference between two runs is that is a passage in both texts."""
    return max([min(b.left - a.left_end, b.right - a.right_end) for a, b in pairwise(runs)], default=0)


def _heads(left: Reading, right: Reading, runs: Sequence[Run]) -> tuple[int, int]:
    """Return the words of own telling in front of the first shared ones, of both texts; these may stand elsewhere."""
    shared = [r for r in runs if left.told.count(1, r.left, r.left_end) >= min(r.length / 2, _TELLING_WORDS)]
    if not shared:
        return len(left.words), len(right.words)
    before = min([r.left for r in shared]), min([r.right for r in shared])
    return left.told.count(1, 0, before[0]), right.told.count(1, 0, before[1])
