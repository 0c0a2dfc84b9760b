"""The frame of a page as arrays: what every feature, and the decision, is computed from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from etl.records import Block, Element
from etl.strip.learned.columns import Floats, Ints, running

_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]")  # kana, ideographs, Thai
_FEWEST_UNSPACED = 4


@dataclass(frozen=True, slots=True)
class Outline:
    """A page of m blocks in k elements. The blocks of element e and its descendants are [start[e], end[e])."""

    words: Floats  # (m,)
    link: Floats  # (m,) share of a block's characters in links, 0..1
    element: Ints  # (m,) nearest element of a block
    parent: Ints  # (k,) the root is its own parent
    start: Ints  # (k,)
    end: Ints  # (k,)
    make: Ints  # (m,) equal for blocks of one make: tag and names of their element and of its parent

    def over_elements(self, values: Floats) -> Floats:
        """Return for each element the sum of its blocks' values; (m,) -> (k,)."""
        sums = running(values)
        return sums[self.end] - sums[self.start]


def outline(blocks: Sequence[Block], elements: Sequence[Element]) -> Outline:
    """Return the frame of a page; it may have no blocks."""
    own = [b.element for b in blocks]
    start, end = _ranges(own, elements)
    return Outline(
        words=np.array([quick_count(b.text) for b in blocks], np.float64),
        link=np.array([b.link_chars / len(b.text) for b in blocks], np.float64),
        element=np.array(own, np.int64),
        parent=np.array([e.parent if e.parent >= 0 else i for i, e in enumerate(elements)], np.int64),
        start=start,
        end=end,
        make=_makes(own, elements),
    )


def quick_count(text: str) -> int:
    """Return roughly the number of words; two characters of a script without spaces are one."""
    if text.isascii() or not _UNSPACED.search(text):
        return text.count(" ") + 1
    unspaced = len(_UNSPACED.findall(text))
    if unspaced < _FEWEST_UNSPACED:
        return text.count(" ") + 1
    return unspaced // 2 + len(_UNSPACED.sub("", text).split())


def _ranges(own: Sequence[int], elements: Sequence[Element]) -> tuple[Ints, Ints]:
    """Return the first block and the one behind the last of each element. Parents stand before their children."""
    start, end = [len(own)] * len(elements), [0] * len(elements)
    for block, element in enumerate(own):
        start[element] = min(start[element], block)
        end[element] = block + 1
    for i in range(len(elements) - 1, 0, -1):
        up = elements[i].parent
        if up >= 0:
            start[up] = min(start[up], start[i])
            end[up] = max(end[up], end[i])
    first = np.array(start, np.int64)
    return first, np.maximum(np.array(end, np.int64), first)


def _makes(own: Sequence[int], elements: Sequence[Element]) -> Ints:
    known: dict[tuple[str, str, str, str], int] = {}
    of_element: dict[int, int] = {}
    for i in dict.fromkeys(own):
        element = elements[i]
        above = elements[element.parent] if element.parent >= 0 else element
        of_element[i] = known.setdefault((element.tag, element.names, above.tag, above.names), len(known))
    return np.array([of_element[i] for i in own], np.int64)
