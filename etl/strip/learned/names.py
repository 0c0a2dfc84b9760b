"""What class and id words say about the blocks inside: log-odds that were counted once, one vote a site."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from etl.strip.learned.columns import Floats
from etl.strip.learned.outline import Outline

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

    def of_elements(self, frame: Outline) -> Floats:
        """Return (7, k): own low and high, low and high with the parent's, lowest, highest above, and their sum."""
        of_kinds = np.array([self.of(names) for _, names, _ in frame.kinds], np.float64)
        low, high, dark, bright = of_kinds.T[:, frame.kind]
        up, root = frame.parent, frame.steps[-1]
        near = np.minimum(low, low[up]), np.maximum(high, high[up])
        darkest, dimmest = frame.over_ancestors(np.minimum, np.stack((dark, -bright)))
        both = dark + bright
        below_root = np.where(root == np.arange(len(root)), 0.0, both)
        total = both[root] + frame.over_ancestors(np.add, below_root)
        return np.stack((low, high, *near, darkest, -dimmest, total))
