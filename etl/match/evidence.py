"""What two texts have in common, measured; judged elsewhere.

`smaller` is the text with fewer words. A slot is a short stretch between two shared runs that differs in both texts:
where a template has its names and numbers, a correction its figure, an edited copy another word.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from itertools import pairwise

import numpy as np

from etl.match.reading import Reading, Truths
from etl.match.runs import Run, Shared

_SLOT_WORDS = 24  # a longer difference is a passage of its own; the numbers of a draw take up to 20
_FILLED_WORDS = 8  # a shorter gap inside shared text is noise, not a passage of its own
_ALIKE = 0.7  # of difflib's ratio: "rebiya" and "rebya" .91; places and people of a form mostly under .6
_MISREAD = 0.25  # of its characters: with more digits a word is a number, "rec0gnise" is a word
_TELLING_WORDS = 20  # in a run, that make it part of the telling, whatever it quotes
_STRETCH_WORDS = 8  # "in the first half of the" stands in any two texts
_OPENING_WORDS = 40  # two sentences: what a piece of news is about
_OPENING_SEARCHED_WORDS = 400  # in which they are looked for: a text may open with a long quotation
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
    opening: (
        float  # share of its first words of own telling that stand in the other text, in whichever text has less ...
    )
    openings: float  # ... and in whichever has more; short gaps included
    numbers_agree: int  # words with digits in shared runs
    numbers_differ: int  # words with digits that differ in slots
    numbers_told: int  # those of them that the other text has too, as a correction tells what it puts right
    names_agree: int
    names_differ: int
    lead_differs: bool  # a name differs in a slot of the first sentence
    swapped: int  # words of the longest passage that stands, between shared ones, for an entirely different one
    runs: tuple[Run, ...]  # left: the smaller text


def coverage(runs: Sequence[Run], words: int) -> float:
    """Return the share of so many words that stand in runs."""
    return sum(r.length for r in runs) / words if words else 0.0


def longest(runs: Sequence[Run]) -> int:
    """Return the words of the longest run."""
    return max((r.length for r in runs), default=0)


def weigh(smaller: Reading, larger: Reading, shared: Shared) -> Evidence:
    """Return what the smaller text has in common with the larger one."""
    runs = shared.runs
    inside = _mask(runs, len(smaller.words))
    told = int(np.count_nonzero(smaller.told))
    told_shared = int(np.count_nonzero(smaller.told & inside))
    slots = list(_slots(runs, smaller, larger))
    known = cache(lambda: (set(smaller.words), set(larger.words)))  # seldom asked for, and dear
    heads = _heads(smaller, larger, runs)
    openings = (
        _opening_share(smaller, [(r.left, r.left_end) for r in runs]),
        _opening_share(larger, [(r.right, r.right_end) for r in runs]),
    )
    numbers_agree, numbers_differ, numbers_told = _agreement(smaller, larger, "numbers", inside, slots, known)
    names_agree, names_unlike, names_told = _agreement(smaller, larger, "names", inside, slots, known)
    words = len(smaller.words)
    return Evidence(
        words=words,
        ratio=words / len(larger.words) if larger.words else 1.0,
        containment=shared.containment,
        coverage=coverage(runs, words),
        filled=filled(runs, words),
        longest=longest(runs),
        told=told,
        told_coverage=told_shared / told if told else 0.0,
        head=max(heads),
        heads=min(heads),
        opening=min(openings),
        openings=max(openings),
        numbers_agree=numbers_agree,
        numbers_differ=numbers_differ,
        numbers_told=numbers_told,
        names_agree=names_agree,
        # A name that the other text has elsewhere is no other name: a paragraph was moved, "he" stands for it. The next
        # notice of a form does not know this one's names; numbers meet by chance.
        names_differ=names_unlike - names_told,
        lead_differs=_lead_differs(smaller, larger, slots, known),
        swapped=_swapped(runs),
        runs=runs,
    )


def _mask(runs: Sequence[Run], words: int) -> Truths:
    inside = np.zeros(words, np.bool_)
    for r in runs:
        inside[r.left : r.left_end] = True
    return inside


def filled(runs: Sequence[Run], words: int) -> float:
    """Return the share of the words from run to run, gaps of a few words included."""
    covered = sum(r.length for r in runs)
    for before, after in pairwise(runs):
        gap = after.left - before.left_end
        if gap <= _FILLED_WORDS:
            covered += gap
    return covered / words if words else 0.0


Slot = tuple[range, range]  # word positions in the smaller and the larger text
Known = Callable[[], tuple[set[str], set[str]]]  # all words of both texts


def _slots(runs: Sequence[Run], left: Reading, right: Reading) -> Iterator[Slot]:
    """Yield the short differences between runs that follow each other in both texts.

    A paragraph that differs at its beginning counts, whatever furniture stands in front of it.
    """
    for before, after in pairwise(runs):
        gap = range(before.left_end, after.left), range(before.right_end, after.right)
        if all(0 < len(g) <= _SLOT_WORDS for g in gap):
            yield gap
        elif before.left_end <= after.left:
            yield from _beginning(after, left, right)
    if runs:
        yield from _beginning(runs[0], left, right)


def _beginning(at: Run, left: Reading, right: Reading) -> Iterator[Slot]:
    """Yield what stands before a run in its paragraph, if that is short and there in both texts."""
    slot = _opening(at.left, left), _opening(at.right, right)
    if all(0 < len(s) <= _SLOT_WORDS for s in slot):
        yield slot


def _opening(at: int, reading: Reading) -> range:
    return range(max(int(reading.openings[at]), at - _SLOT_WORDS - 1), at)


def _differences(left: set[str], right: set[str]) -> tuple[set[str], set[str]]:
    """Return what each side has alone; shortened and garbled words pass for the same."""
    a, b = left - right, right - left
    return {x for x in a if not any(_alike(x, y) for y in b)}, {y for y in b if not any(_alike(x, y) for x in a)}


def _foreign(alone: tuple[set[str], set[str]], known: Known) -> tuple[set[str], set[str]]:
    """Return those of the words that the other text does not have in any place."""
    if not all(alone):
        return alone  # it takes one on each side to differ
    left, right = known()
    return alone[0] - right, alone[1] - left


def _alike(left: str, right: str) -> bool:
    """Say whether two words may be one, shortened ("oct", "october") or misread ("swiftles", "swifties").

    Never where one is a number: "12th" and "13th" look alike and are not.
    """
    if left[0] != right[0] or any(sum(map(str.isdigit, word)) > _MISREAD * len(word) for word in (left, right)):
        return False
    if left.startswith(right) or right.startswith(left):
        return True
    both = SequenceMatcher(None, left, right)
    return both.real_quick_ratio() >= _ALIKE and both.quick_ratio() >= _ALIKE and both.ratio() >= _ALIKE


def _agreement(
    left: Reading, right: Reading, kind: str, inside: Truths, slots: Sequence[Slot], known: Known
) -> tuple[int, int, int]:
    """Return how many words of a kind agree; how many differ, in slots that have such words on both sides.

    The last number says how many of those that differ the other text has in another place.
    """
    left_kind, right_kind = getattr(left, kind), getattr(right, kind)
    agree = int(np.count_nonzero(left_kind & inside))
    left_marks, right_marks = left_kind.tobytes(), right_kind.tobytes()
    differ = foreign = 0
    for left_slot, right_slot in slots:
        a = _marked(left, left_marks, left_slot)
        b = _marked(right, right_marks, right_slot) if a else a
        if a and b:
            agree += len(a & b)
            alone = _differences(a, b)
            differ += min(map(len, alone))
            foreign += min(map(len, _foreign(alone, known)))
    return agree, differ, differ - foreign


def _marked(reading: Reading, marks: bytes, slot: range) -> set[str]:
    """Return the words of a slot that have a mark: a byte that is not null."""
    found = set()
    at = marks.find(1, slot.start, slot.stop)
    while at >= 0:
        found.add(reading.words[at])
        at = marks.find(1, at + 1, slot.stop)
    return found


def _lead_differs(left: Reading, right: Reading, slots: Sequence[Slot], known: Known) -> bool:
    """Say whether other names stand in the first sentence, or where a paragraph begins."""
    left_names, right_names = left.names.tobytes(), right.names.tobytes()
    for left_slot, right_slot in slots:
        if min(left_slot.start, right_slot.start) > _LEAD_WORDS and not (
            _begins(left_slot.start, left) and _begins(right_slot.start, right)
        ):
            continue
        a = _marked(left, left_names, left_slot)
        b = _marked(right, right_names, right_slot) if a else a
        if a and b and all(_foreign(_differences(a, b), known)):
            return True
    return False


def _begins(at: int, reading: Reading) -> bool:
    return int(reading.openings[at]) == at


def _swapped(runs: Sequence[Run]) -> int:
    """Return how long the longest difference between two runs is that is a passage in both texts."""
    gaps = ((b.left - a.left_end, b.right - a.right_end) for a, b in pairwise(runs))
    return max((min(gap) for gap in gaps), default=0)


def _heads(left: Reading, right: Reading, runs: Sequence[Run]) -> tuple[int, int]:
    """Return the words of own telling in front of the first shared ones, of both texts; these may stand elsewhere."""
    shared = [r for stretch in _stretches(runs) for r in stretch if _is_telling(left, r)]
    if not shared:
        return len(left.words), len(right.words)
    before = left.told[: min(r.left for r in shared)], right.told[: min(r.right for r in shared)]
    return int(np.count_nonzero(before[0])), int(np.count_nonzero(before[1]))


def _stretches(runs: Sequence[Run]) -> Iterator[list[Run]]:
    """Yield the runs that short gaps part, together, unless they are so few words that any two texts have them."""
    stretch: list[Run] = []
    for r in runs:
        if stretch and not 0 <= r.left - stretch[-1].left_end <= _FILLED_WORDS:
            if sum(s.length for s in stretch) >= _STRETCH_WORDS:
                yield stretch
            stretch = []
        stretch.append(r)
    if sum(s.length for s in stretch) >= _STRETCH_WORDS:
        yield stretch


def _opening_share(reading: Reading, shared: Sequence[tuple[int, int]]) -> float:
    """Return the share of the first words of own telling that are shared, or stand in short gaps between such words.

    shared  spans [start, end) of words
    """
    opening = reading.told[:_OPENING_SEARCHED_WORDS].nonzero()[0][:_OPENING_WORDS]
    if not len(opening):
        return 1.0
    last = int(opening[-1])
    inside = np.zeros(last + 1, np.bool_)
    behind = -_FILLED_WORDS - 1  # the shared words so far
    for start, end in sorted(span for span in shared if span[0] <= last):
        inside[behind if 0 <= behind < start <= behind + _FILLED_WORDS else start : end] = True
        behind = max(behind, end)
    return float(np.count_nonzero(inside[opening]) / len(opening))


def _is_telling(reading: Reading, shared: Run) -> bool:
    told = np.count_nonzero(reading.told[shared.left : shared.left_end])
    return bool(told >= min(shared.length / 2, _TELLING_WORDS))
