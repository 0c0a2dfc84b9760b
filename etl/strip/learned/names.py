"""What class and id words say about the blocks inside: log-odds that were counted once, one vote a site."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np

from etl.strip.learned.columns import Floats
from etl.strip.learned.outline import Outline
from etl.strip.lowered import lowered

_WORD = re.compile(r"[a-z]{2,20}")
_WORD_OR_END = re.compile(r"[a-z]{2,20}|\n")
_SIGNS = np.array([[1.0], [-1.0], [1.0], [-1.0]])
_UNKNOWN, _END = 0, 1  # columns of the table for words it does not know, and for the end of an element's names


def name_words(names: str) -> frozenset[str]:
    """Return the words of class names, lower case, cut at capitals and at everything that is no letter."""
    (plain,) = lowered([names])
    return frozenset(_WORD.findall(plain))


class NameScores:
    """The two tables of log-odds: of words on a block's own element or its parent, and of words anywhere above it."""

    def __init__(self, near: Mapping[str, float], above: Mapping[str, float]) -> None:
        words = sorted({*near, *above})
        self._column = {"\n": _END} | {word: i for i, word in enumerate(words, _END + 1)}
        # The lowest of a row with its signs turned is the highest.
        signed = [(sign, table) for table in (near, above) for sign in (1, -1)]
        rows = [[sign * table[word] if word in table else np.inf for word in words] for sign, table in signed]
        self._table = np.pad(np.array(rows, np.float64), ((0, 0), (_END + 1, 0)), constant_values=np.inf)

    def of_each(self, names: Sequence[str]) -> Floats:
        """Return (4, n): the lowest and highest log-odds of each element's names in the near table, and in the other.

        names  as `lowered` returns them. All are looked up at once: the steps for each cost more than the work.
        """
        found = _WORD_OR_END.findall("\n".join([*names, ""]))
        get = self._column.get
        columns = np.array([get(word, _UNKNOWN) for word in found], np.int64)
        starts = np.concatenate(([0], np.flatnonzero(columns == _END)[:-1] + 1))
        least: Floats = np.minimum.reduceat(self._table[:, columns], starts, axis=1)
        least[np.isinf(least)] = 0.0
        signed: Floats = least * _SIGNS
        return signed

    def of_elements(self, frame: Outline) -> Floats:
        """Return (7, k): own low and high, low and high with the parent's, lowest, highest above, and their sum."""
        low, high, dark, bright = self.of_each(frame.names)[:, frame.kind]
        up, root = frame.parent, frame.steps[-1]
        near = np.minimum(low, low[up]), np.maximum(high, high[up])
        darkest, dimmest = frame.over_ancestors(np.minimum, np.stack((dark, -bright)))
        both = dark + bright
        below_root = np.where(root == np.arange(len(root)), 0.0, both)
        total = both[root] + frame.over_ancestors(np.add, below_root)
        return np.stack((low, high, *near, darkest, -dimmest, total))
