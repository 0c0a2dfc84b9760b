"""A paragraph that the article has said already."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from etl.strip.facts import Line
from etl.strip.page import Page
from etl.strip.verdicts import Verdict

NAME, PRIORITY, FIRM = "repeat", 63, True
_FEWEST_WORDS = 6  # "Yes, I do." may be said twice
_FEWEST_WORDS_NEXT = 3  # of a line directly after its copy
_LONG_WORDS = 12
_OVERLAP = 0.9
_RUN_WORDS = 4
_Run = tuple[str, ...]
_Runs = set[_Run]
_HOT = 20  # a run of words in more lines than this tells nothing


def judge(page: Page) -> Iterable[Verdict]:
    """Name later copies, equal in normal form or nearly so; numbers must agree, for a template is no copy."""
    lines = [x for x in page.lines if page.in_body(x.index) and not x.hidden and x.words > 0]
    alike = _alike([x for x in lines if x.words >= _LONG_WORDS])
    earlier: dict[str, Line] = {}
    by_run: dict[_Run, list[Line]] = defaultdict(list)
    for line in lines:
        original = earlier.get(line.normal)
        if original is not None and _is_long_enough(line, original):
            yield Verdict(line.index, f"of {original.index}", original=original.index)
            continue
        runs = _runs(line) if line.index in alike else set()
        if original is None and (near := _near(line, runs, by_run)):
            yield Verdict(line.index, f"nearly of {near.index}", original=near.index)
            continue
        earlier.setdefault(line.normal, line)
        for run in runs:
            by_run[run].append(line)


def _alike(lines: Sequence[Line]) -> frozenset[int]:
    """Return the lines that may have a near copy: no more of their words than may differ stand in them alone."""
    lines = _as_long(lines)
    words = [set(x.row) for x in lines]
    seen: set[str] = set()
    shared: set[str] = set()
    for own in words:
        shared |= seen & own
        seen |= own
    return frozenset(x.index for x, own in zip(lines, words, strict=True) if _is_mostly_of(x.row, own, shared))


def _as_long(lines: Sequence[Line]) -> list[Line]:
    """Return the lines that have another one of nearly their length, in words."""
    ordered = sorted(lines, key=lambda x: len(x.row))
    near = [len(a.row) >= _OVERLAP * len(b.row) for a, b in pairwise(ordered)]
    return [x for x, below, above in zip(ordered, [False, *near], [*near, False], strict=False) if below or above]


def _is_mostly_of(row: Sequence[str], words: set[str], shared: set[str]) -> bool:
    fewest = _OVERLAP * len(row)
    # The words that stand in this line alone, counted once each, are mostly too many already.
    return len(row) - len(words - shared) >= fewest and sum(map(shared.__contains__, row)) >= fewest


def _is_long_enough(line: Line, original: Line) -> bool:
    """Return whether an equal line is a copy. An interview asks one question of several people."""
    if line.index == original.index + 1:
        return line.words >= _FEWEST_WORDS_NEXT
    return line.words >= _FEWEST_WORDS and not line.text.endswith("?")


def _runs(line: Line) -> _Runs:
    return set(zip(*(line.row[i:] for i in range(_RUN_WORDS)), strict=False))


def _near(line: Line, runs: _Runs, by_run: Mapping[_Run, list[Line]]) -> Line | None:
    """Return the first earlier line that shares nine words in ten and every number."""
    if line.text.endswith("?"):
        return None
    shared = (by_run[run] for run in runs if run in by_run)
    candidates = {x.index: x for lines in shared if len(lines) <= _HOT for x in lines}
    if not candidates:
        return None
    mine = Counter(line.row)
    for index in sorted(candidates):
        other = Counter(candidates[index].row)
        overlap = sum((mine & other).values()) / max(mine.total(), other.total())
        if overlap >= _OVERLAP and _numbers(mine) == _numbers(other):
            return candidates[index]
    return None


def _numbers(counted: Counter[str]) -> dict[str, int]:
    return {word: n for word, n in counted.items() if any(c.isdigit() for c in word)}
