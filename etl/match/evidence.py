"""What two texts have in common, measured; judged elsewhere.

`smaller` is the text with fewer words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from etl.match.reading import Reading
from etl.match.runs import FILLED_WORDS, Run, Shared
from etl.match.slots import Contrast, Slot, contrasts, leads, slots

_TELLING_WORDS = 20  # in a run, that make it part of the telling, whatever it quotes
_STRETCH_WORDS = 8  # "in the first half of the" stands in any two texts
_OPENING_WORDS = 40  # two sentences: what a piece of news is about


@dataclass(frozen=True, eq=False)
class Evidence:
    """What the smaller text has in common with the larger one. Shares are 0..1.

    A measure is taken when it is first asked for: most pairs are judged by a few, and the dear ones are the last.
    """

    smaller: Reading
    larger: Reading
    shared: Shared  # left: the smaller text

    @property
    def words(self) -> int:
        """Words of the smaller text."""
        return len(self.smaller.words)

    @property
    def ratio(self) -> float:
        """Its words to the larger text's."""
        return self.words / len(self.larger.words) if self.larger.words else 1.0

    @property
    def containment(self) -> float:
        """Share of its distinct shingles found in the larger text."""
        return self.shared.containment

    @property
    def longest(self) -> int:
        """Words of the longest shared run."""
        return self.shared.longest

    @property
    def filled(self) -> float:
        """Share of its words in shared runs and in short gaps between them."""
        return self.shared.filled / self.words if self.words else 0.0

    @cached_property
    def told(self) -> int:
        """Words of its own telling."""
        return self.smaller.told.count(1)

    @cached_property
    def told_coverage(self) -> float:
        """Share of them in shared runs."""
        return self._inside(self.smaller.told) / self.told if self.told else 0.0

    @property
    def head(self) -> int:
        """Words of own telling before the first shared one, in whichever text has more."""
        return max(self._heads)

    @property
    def heads(self) -> int:
        """The same, in whichever text has fewer: furniture stands in front of one text, two stories open apart."""
        return min(self._heads)

    @property
    def opening(self) -> float:
        """Share of its first words of own telling found in the other text, in whichever has less; gaps included."""
        return min(self._openings)

    @property
    def openings(self) -> float:
        """The same, in whichever text has more."""
        return max(self._openings)

    @cached_property
    def numbers_agree(self) -> int:
        """Words with digits in shared runs, or equal in slots."""
        return self._inside(self.smaller.numbers) + sum([n.agree for n in self._numbers])

    @cached_property
    def numbers_differ(self) -> int:
        """Words with digits that differ in slots."""
        return sum([n.differ for n in self._numbers])

    @property
    def numbers_told(self) -> int:
        """Those of them that the other text has too, as a correction tells what it puts right."""
        return self.numbers_differ - sum([n.foreign(self.smaller, self.larger) for n in self._numbers])

    @cached_property
    def names_agree(self) -> int:
        """Names in shared runs, or equal in slots."""
        return self._inside(self.smaller.names) + sum([n.agree for n in self._names])

    @cached_property
    def names_differ(self) -> int:
        """Names that differ in slots.

        A name that the other text has elsewhere is no other name: a paragraph was moved, "he" stands for it. The next
        notice of a form does not know this one's names; numbers meet by chance.
        """
        return sum([n.foreign(self.smaller, self.larger) for n in self._names])

    @property
    def lead_differs(self) -> bool:
        """Whether a name differs in a slot of the first sentence, or where a paragraph begins."""
        both = self.smaller, self.larger
        return any(leads(n, *both) and n.foreign(*both) for n in self._names)

    @property
    def swapped(self) -> int:
        """Words of the longest passage that stands, between shared ones, for an entirely different one."""
        gaps = [min(b.left - a.left_end, b.right - a.right_end) for a, b in pairwise(self.shared.runs)]
        return max(gaps, default=0)

    def _inside(self, marks: bytes) -> int:
        """Return how many of the smaller text's words in shared runs have a mark."""
        return sum([marks.count(1, left, left_end) for left, _, _, left_end, _ in self.shared.runs])

    @cached_property
    def _heads(self) -> tuple[int, int]:
        return _heads(self.smaller, self.larger, self.shared.runs)

    @cached_property
    def _openings(self) -> tuple[float, float]:
        runs = self.shared.runs
        return (
            _opening_share(self.smaller.told, [(r.left, r.left_end) for r in runs]),
            _opening_share(self.larger.told, [(r.right, r.right_end) for r in runs]),
        )

    @cached_property
    def _slots(self) -> list[Slot]:
        return list(slots(self.shared.runs, self.smaller, self.larger))

    @cached_property
    def _numbers(self) -> list[Contrast]:
        return list(contrasts(self.smaller, self.smaller.numbers, self.larger, self.larger.numbers, self._slots))

    @cached_property
    def _names(self) -> list[Contrast]:
        return list(contrasts(self.smaller, self.smaller.names, self.larger, self.larger.names, self._slots))


def _heads(left: Reading, right: Reading, runs: Sequence[Run]) -> tuple[int, int]:
    """Return the words of own telling in front of the first shared ones, of both texts; these may stand elsewhere."""
    long = [r for some in _stretches(runs) if sum([r.length for r in some]) >= _STRETCH_WORDS for r in some]
    shared = [r for r in long if left.told.count(1, r.left, r.left_end) >= min(r.length / 2, _TELLING_WORDS)]
    if not shared:
        return len(left.words), len(right.words)
    before = min([r.left for r in shared]), min([r.right for r in shared])
    return left.told.count(1, 0, before[0]), right.told.count(1, 0, before[1])


def _stretches(runs: Sequence[Run]) -> Iterator[list[Run]]:
    """Yield the runs in lists: between those of one list there are short gaps only."""
    stretch: list[Run] = []
    for r in runs:
        if stretch and not 0 <= r.left - stretch[-1].left_end <= FILLED_WORDS:
            yield stretch
            stretch = []
        stretch.append(r)
    if stretch:
        yield stretch


def _opening_share(told: bytes, shared: Iterable[tuple[int, int]]) -> float:
    """Return the share of the first words of own telling that are shared, or stand in short gaps between such words.

    shared  spans [start, end) of words
    """
    after = 0  # the opening
    for _ in range(_OPENING_WORDS):
        after = told.find(1, after) + 1 or len(told)
    words = told.count(1, 0, after)
    found, behind = 0, -FILLED_WORDS - 1  # the shared words so far
    for start, end in sorted(shared):
        if start >= after:
            break
        begin = behind if 0 <= behind < start <= behind + FILLED_WORDS else max(start, behind)
        found += told.count(1, begin, min(end, after))
        behind = max(behind, end)
    return found / words if words else 1.0
