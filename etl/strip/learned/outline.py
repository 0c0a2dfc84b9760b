"""The frame of a page as arrays: what every feature, and the decision, is computed from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from etl.records import Block, Element
from etl.strip.learned.columns import Floats, Ints, running
from etl.strip.lowered import lowered

_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]")  # kana, ideographs, Thai
_FEWEST_UNSPACED = 4
Kind = tuple[str, str, str]  # of elements: tag, names, role


@dataclass(frozen=True, slots=True)
class Outline:
    """A page of m blocks in k elements. The blocks of element e and its descendants are [start[e], end[e])."""

    words: Floats  # (m,)
    link: Floats  # (m,) share of a block's characters in links, 0..1
    element: Ints  # (m,) nearest element of a block
    parent: Ints  # (k,) the root is its own parent
    start: Ints  # (k,)
    end: Ints  # (k,)
    kind: Ints  # (k,) index into kinds
    kinds: Sequence[Kind]  # those that the page has
    names: Sequence[str]  # theirs, lowered
    make: Ints  # (m,) equal for blocks of one make: tag and names of their element and of its parent
    steps: Sequence[Ints]  # each (k,): the element 1, 2, 4, 8 ... above, up to the root

    def over_elements(self, values: Floats) -> Floats:
        """Return for each element the sum of its blocks' values; (m,) -> (k,)."""
        sums = running(values)
        return sums[self.end] - sums[self.start]

    def over_ancestors(self, fold: np.ufunc, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Return for each element the fold of its own value and those of all elements above it: (k,) or (n, k).

        fold  for which a value counted twice counts once, or whose root has a value that changes nothing.
        """
        for step in self.steps:
            values = fold(values, values.take(step, axis=-1))
        return values


def outline(blocks: Sequence[Block], elements: Sequence[Element]) -> Outline:
    """Return the frame of a page; it may have no blocks."""
    own = [b.element for b in blocks]
    texts = [b.text for b in blocks]
    above = [e.parent for e in elements]
    start, end = _ranges(own, above)
    kinds: dict[Kind, int] = {}
    kind = np.array([kinds.setdefault(e[1:], len(kinds)) for e in elements], np.int64)
    element, parent = np.array(own, np.int64), np.array(above, np.int64)
    parent = np.where(parent < 0, np.arange(len(parent)), parent)
    return Outline(
        words=np.array([t.count(" ") + 1 if t.isascii() else quick_count(t) for t in texts], np.float64),
        link=np.array([b.link_chars for b in blocks], np.float64) / np.array([*map(len, texts)], np.float64),
        element=element,
        parent=parent,
        start=start,
        end=end,
        kind=kind,
        kinds=tuple(kinds),
        names=lowered([names for _, names, _ in kinds]),
        make=_makes(kind, tuple(kinds), element, parent),
        steps=_steps(parent),
    )


def quick_count(text: str) -> int:
    """Return roughly the number of words; two characters of a script without spaces are one."""
    if text.isascii() or not _UNSPACED.search(text):
        return text.count(" ") + 1
    unspaced = len(_UNSPACED.findall(text))
    if unspaced < _FEWEST_UNSPACED:
        return text.count(" ") + 1
    return unspaced // 2 + len(_UNSPACED.sub("", text).split())


def _steps(parent: Ints) -> Sequence[Ints]:
    steps = [parent]
    while ((further := steps[-1][steps[-1]]) != steps[-1]).any():
        steps.append(further)
    return steps


def _ranges(own: Sequence[int], above: Sequence[int]) -> tuple[Ints, Ints]:
    """Return the first block and the one behind the last of each element. Parents stand before their children."""
    start, end = [len(own)] * len(above), [0] * len(above)
    for block, element in enumerate(own):
        if block < start[element]:
            start[element] = block
        end[element] = block + 1
    for i in range(len(above) - 1, 0, -1):
        up = above[i]
        if up < 0:
            continue
        if start[i] < start[up]:
            start[up] = start[i]
        if end[i] > end[up]:
            end[up] = end[i]
    first = np.array(start, np.int64)
    return first, np.maximum(np.array(end, np.int64), first)


def _makes(kind: Ints, kinds: Sequence[Kind], element: Ints, parent: Ints) -> Ints:
    known: dict[tuple[str, str], int] = {}
    look = np.array([known.setdefault((tag, names), len(known)) for tag, names, _ in kinds], np.int64)[kind]
    above = look[parent]
    makes: Ints = np.unique(look[element] * len(known) + above[element], return_inverse=True)[1]
    return makes
