"""Shared runs as stretches of both bodies that a reader can be shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from etl.match.reading import Reading
from etl.match.rule import THRESHOLDS, Thresholds
from etl.match.runs import Run
from etl.records import Passage


class _Stretch(NamedTuple):
    """Words [left, left_end) and [right, right_end), of which `equal` words are equal."""

    left: int
    left_end: int
    right: int
    right_end: int
    equal: int

    def joined(self, run: Run, t: Thresholds) -> _Stretch | None:
        """Return the stretch with the run behind it, or None where too much lies between them."""
        left_gap, right_gap = run.left - self.left_end, run.right - self.right_end
        if not (0 <= left_gap <= t.passage_gap_words and 0 <= right_gap <= t.passage_gap_words):
            return None
        whole = _Stretch(self.left, run.left_end, self.right, run.right_end, self.equal + run.length)
        longer = max(whole.left_end - whole.left, whole.right_end - whole.right)
        return whole if whole.equal >= t.passage_equal * longer else None


def passages(runs: Sequence[Run], left: Reading, right: Reading, t: Thresholds = THRESHOLDS) -> list[Passage]:
    """Return the shared stretches of runs in the order of the left body.

    A stretch may bridge up to `passage_gap_words` differing words at a time; at least `passage_equal` of its words,
    in either body, are equal, and at least `passage_words` of them.
    """
    merged: list[_Stretch] = []
    for run in runs:
        longer = merged[-1].joined(run, t) if merged else None
        if longer:
            merged[-1] = longer
        else:
            merged.append(_Stretch(run.left, run.left_end, run.right, run.right_end, run.length))
    return [
        Passage(
            left.starts.item(s.left),
            left.ends.item(s.left_end - 1),
            right.starts.item(s.right),
            right.ends.item(s.right_end - 1),
        )
        for s in merged
        if s.equal >= t.passage_words
    ]


def turned(found: Sequence[Passage]) -> list[Passage]:
    """Return the passages with left and right exchanged, in the order of the new left body."""
    exchanged = [Passage(p.right_start, p.right_end, p.left_start, p.left_end) for p in found]
    return sorted(exchanged, key=lambda p: (p.left_start, p.right_start, p.left_end))
