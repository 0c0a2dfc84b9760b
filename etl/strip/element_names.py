"""Class names in lower case: what everything that reads them cuts to words."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Sequence
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

_MOST_REMEMBERED = 20_000

_CAPITAL_INSIDE = re.compile(r"[A-Z](?<=[a-z0-9].)")  # begins with what is rare, and so is quickly searched for


def lowered(names: Sequence[str]) -> list[str]:
    """Return the names of each element in lower case, with a hyphen in front of what was a capital inside a word.

    All at once, for the calls for each cost more than the work.
    """
    joined = "\n".join(names)
    if joined.count("\n") >= len(names):
        joined = "\n".join([each.replace("\n", " ") for each in names])
    return _CAPITAL_INSIDE.sub(r"-\g<0>", joined).lower().split("\n") if names else []


class Remembered(Generic[K, V]):
    """Answers about names, remembered: the pages of a site have the same, and each page has hundreds.

    answers  of those that are new, all at once; nothing but the name decides.
    """

    def __init__(self, answers: Callable[[Sequence[K]], Sequence[V]]) -> None:
        self._answers = answers
        self._seen: dict[K, V] = {}

    def of(self, names: Sequence[K]) -> list[V]:
        """Return the answer about each."""
        if len(self._seen) > _MOST_REMEMBERED:
            self._seen = {}  # not emptied, for another thread may be reading it
        seen = self._seen
        new = list(dict.fromkeys([name for name in names if name not in seen]))
        if new:
            seen.update(zip(new, self._answers(new), strict=True))
        return [seen[name] for name in names]
