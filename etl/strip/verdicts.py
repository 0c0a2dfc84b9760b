"""What rules say, and how many sayings become one: whatever the order they are asked in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

# Tuples, for a page has hundreds of them: they are made, hashed and compared at a third of the cost of dataclasses.


class Verdict(NamedTuple):
    """One rule's reason why one line is not part of the body."""

    line: int  # its index
    detail: str = ""
    soft: bool = False  # read from the markup around it, not from the line
    original: int | None = None  # the line that it repeats: if that one goes as junk, this one stays


class Named(NamedTuple):
    """A verdict with the name of its rule."""

    verdict: Verdict
    rule: str
    priority: int  # of several rules on one line, the highest is reported
    firm: bool  # named by what the line says of itself; survives when the softer rules are undone


def by_line(named: Iterable[Named]) -> dict[int, tuple[Named, ...]]:
    """Return the verdicts on each line, the one to be reported first."""
    found: dict[int, list[Named]] = defaultdict(list)
    for each in named:
        found[each.verdict.line].append(each)
    return {i: tuple(sorted(rows, key=_rank) if len(rows) > 1 else rows) for i, rows in sorted(found.items())}


def _rank(named: Named) -> tuple[int, str, str]:
    return -named.priority, named.rule, named.verdict.detail


def resolve(found: Mapping[int, tuple[Named, ...]], moved: frozenset[str]) -> dict[int, Named]:
    """Return one verdict a line. A repeat whose original was thrown away as junk is no repeat.

    moved  names of the rules that keep the text elsewhere, in a column or in an earlier copy.
    """
    return {i: rows[0] for i, rows in found.items() if _holds(i, found, moved)}


def _holds(index: int, found: Mapping[int, tuple[Named, ...]], moved: frozenset[str]) -> bool:
    originals = [row.verdict.original for row in found[index]]
    # A rule that is not about repetition names the line, or it repeats one that stays.
    return None in originals or any(_survives(original, found, moved) for original in originals if original is not None)


def _survives(original: int, found: Mapping[int, tuple[Named, ...]], moved: frozenset[str]) -> bool:
    rows = found.get(original)
    return rows is None or rows[0].rule in moved
