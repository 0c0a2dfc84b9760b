"""What class and id words say about the blocks inside: log-odds that were counted once, one vote a site."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np

from etl.records import Element
from etl.strip.learned.columns import Floats, Ints

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_WORD = re.compile(r"[a-z]{2,20}")
_MOST_REMEMBERED = 20_000
Scores = tuple[float, float, float, float]


def name_words(names: str) -> frozenset[str]:
    """Return the words of class names, lower case, cut at capitals and at everything that is no letter."""
    return frozenset().union(*map(_words_of_one, names.split()))


@lru_cache(maxsize=16_384)
def _words_of_one(name: str) -> frozenset[str]:
    return frozenset(_WORD.findall(_CAMEL.sub("-", name).lower()))


class NameScores:
    """The two tables of log-odds: of words on a block's own element or its parent, and of words anywhere above it."""

    def __init__(self, near: Mapping[str, float], above: Mapping[str, float]) -> None:
        self.near, self.above = near, above
        self._seen: dict[str, Scores] = {"": (0.0, 0.0, 0.0, 0.0)}

    def of(self, names: str) -> Scores:
        """Return the lowest and highest log-odds of the names in the near table, and in the other one."""
        scores = self._seen.get(names)
        if scores is None:
            found = name_words(names)
            near = [self.near[w] for w in found if w in self.near] or [0.0]
            above = [self.above[w] for w in found if w in self.above] or [0.0]
            scores = (min(near), max(near), min(above), max(above))
            if len(self._seen) < _MOST_REMEMBERED:
                self._seen[names] = scores
        return scores

    def of_elements(self, elements: Sequence[Element], parent: Ints) -> Floats:
        """Return (k, 7): own low and high, low and high with the parent's, lowest, highest above, and their sum.

        parent  (k,) the root is its own parent; parents stand before their children.
        """
        known: dict[str, int] = {}
        own = [known.setdefault(e.names, len(known)) for e in elements]
        low, high, dark, bright = np.array([self.of(names) for names in known], np.float64).reshape(-1, 4)[own].T
        total: list[float] = []
        for i, (up, here) in enumerate(zip(parent.tolist(), (dark + bright).tolist(), strict=True)):
            total.append(here + total[up] if up < i else here)
        near = np.minimum(low, low[parent]), np.maximum(high, high[parent])
        above = _over_ancestors(np.minimum, dark, parent), _over_ancestors(np.maximum, bright, parent)
        return np.stack((low, high, *near, *above, np.array(total)), axis=1)


def _over_ancestors(fold: np.ufunc, values: Floats, parent: Ints) -> Floats:
    """Return for each element the fold of its own value and those of all elements above it, doubling the reach."""
    while (parent[parent] != parent).any():
        values, parent = fold(values, values[parent]), parent[parent]
    folded: Floats = fold(values, values[parent])
    return folded
