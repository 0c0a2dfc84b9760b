"""What rules say, and how many sayings become one: whatever the order they are asked in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from etl.strip.page import Page

# Tuples, for a page has hundreds of them: they are made, hashed and compared at a third of the cost of dataclasses.


class Verdict(NamedTuple):
    """One rule's reason why one line is not part of the body."""

    line: int  # its index
    detail: str = ""
    soft: bool = False  # read from the markup around it, not from the line
    original: int | None = None  # the line that it repeats: if that one goes as junk, this one stays


@dataclass(frozen=True, slots=True)
class Rule:
    name: str
    priority: int  # of several rules on one line, the highest is reported
    firm: bool  # the line says of itself what it is
    judge: Callable[[Page], Iterable[Verdict]]
    rank: tuple[int, str] = field(init=False)  # in which they are reported

    def __post_init__(self) -> None:
        object.__setattr__(self, "rank", (-self.priority, self.name))


_rank = attrgetter("rank")
Saying = tuple[Rule, Verdict]


class Named(NamedTuple):
    """The verdict that stands on a line, with the name of its rule."""

    verdict: Verdict
    rule: str
    firm: bool  # named by what the line says of itself; survives when the softer rules are undone


def by_line(rules: Iterable[Rule], page: Page) -> dict[int, list[Saying]]:
    """Return what is said of each line, that of the rule to be reported first in front."""
    found: dict[int, list[Saying]] = defaultdict(list)
    for rule in sorted(rules, key=_rank):
        for verdict in rule.judge(page):
            found[verdict.line].append((rule, verdict))
    return found


def resolve(found: Mapping[int, list[Saying]], moved: frozenset[str]) -> dict[int, Named]:
    """Return one verdict a line, in the order of lines. A repeat whose original was thrown away as junk is no repeat.

    moved  names of the rules that keep the text elsewhere, in a column or in an earlier copy.
    """
    return {
        i: first(rows)
        for i, rows in sorted(found.items())
        if rows[0][1].original is None or _repeats_what_stays(rows, found, moved)
    }


def first(rows: Sequence[Saying]) -> Named:
    """Return the saying to be reported: of the first rule, that with the lowest detail."""
    rule, verdict = rows[0]
    for other, its in rows[1:] if len(rows) > 1 else ():
        if other is not rule:
            break
        if its.detail < verdict.detail:
            verdict = its
    return Named(verdict, rule.name, rule.firm and not verdict.soft)


def _repeats_what_stays(rows: Sequence[Saying], found: Mapping[int, list[Saying]], moved: frozenset[str]) -> bool:
    """Return whether a line is a copy of one that stays, or goes for another reason too."""
    return any(v.original is None or _survives(v.original, found, moved) for _, v in rows)


def _survives(original: int, found: Mapping[int, list[Saying]], moved: frozenset[str]) -> bool:
    rows = found.get(original)
    return rows is None or rows[0][0].name in moved
