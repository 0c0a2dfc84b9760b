"""Pointers to other stories: a line such as "Read also:" and the run of titles after it."""

from __future__ import annotations

from collections.abc import Iterable

from etl.strip.facts import Line
from etl.strip.page import Page
from etl.strip.prompts import parts
from etl.strip.verdicts import Verdict

NAME, PRIORITY, FIRM = "related", 55, True
_LINKED = 0.5
_CUT_SHORT = ("…", "...", "[…]", "[...]")


def judge(page: Page) -> Iterable[Verdict]:
    """Name the pointers and their titles, up to the next prose; "Related parties must report it." points nowhere."""
    yield from parts(page, "related")
    for line in page.saying.get(NAME, ()):
        hit = line.says("related", edge=page.at_edge(line.index))
        if hit is None or line.index in page.head.headline_at:
            continue
        yield Verdict(line.index, hit.phrase)
        if hit.whole:
            yield from (Verdict(i, f"title after {hit.phrase}") for i in _run(page, line.index + 1))


def _run(page: Page, start: int) -> Iterable[int]:
    """Yield the lines from here on up to the first that reads as prose."""
    for line in page.lines[start:]:
        if _ends_run(page, line) or _begins_run(line):
            return
        yield line.index


def _begins_run(line: Line) -> bool:
    """Return whether a line points to titles of its own, so that each line is looked at once."""
    return any(hit.section == "related" and hit.whole for hit in line.hits)


def _ends_run(page: Page, line: Line) -> bool:
    """Return whether a line is text again. Behind the last prose a question or a teaser cut short is still a title."""
    if not page.plain and page.choice.column in line.path[1:2] and line.prose:
        return True
    if page.after(line.index):
        return line.firm and not line.text.endswith(_CUT_SHORT)
    return line.prose and line.link_share < _LINKED
