"""Ways through the site: menus, link lists, buttons, and elements that are named so."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from etl.strip.facts import Line
from etl.strip.page import Page
from etl.strip.phrases import load
from etl.strip.prompts import parts, prompts
from etl.strip.shapes import starts_high
from etl.strip.verdicts import Verdict

NAME, PRIORITY, FIRM = "navigation", 45, True
_LINKED = 0.6
_LONGEST_LINK_WORDS = 40
_SCRAP_WORDS = 8
_DATA = re.compile(r"\d|:|[–—-] ")  # a table of fixtures, results or names is no menu
_BACK, _ON = "←‹⟵", "→›⟶"
_FEWEST_ENTRIES = 6
_ENTRY_SHARE = 0.8  # of the words of a menu that stands in one line; the site's name is another one
_FEWEST_SCRAPS = 5  # so many short lines in a row, outside the prose, are a menu


def judge(page: Page) -> Iterable[Verdict]:
    """Name menus, lines that are one link, and rows of scraps outside the prose."""
    yield from prompts(page, "navigation")
    yield from parts(page, "navigation")
    yield from (Verdict(i, "kicker", soft=True) for i in page.head.kicker_at)
    for line in page.lines:
        if line.hidden:
            yield Verdict(line.index, "hidden", soft=True)
        elif line.link_share > _LINKED and line.words < _LONGEST_LINK_WORDS:
            yield Verdict(line.index, "link", soft=True)
        elif _is_menu(line):
            yield Verdict(line.index, "menu")
        elif line.words == 0:
            yield Verdict(line.index, "no word")
        elif _has_arrow(line.text) and page.at_edge(line.index) and not line.firm:
            yield Verdict(line.index, "arrow")
    if page.plain and page.first_prose < len(page.lines):
        for row in _rows(page):
            yield from (Verdict(line.index, "row of scraps", soft=True) for line in row)


def _has_arrow(text: str) -> bool:
    """Return whether an arrow stands apart at the beginning or the end of a line."""
    return (text[0] in _BACK and text[1:2].isspace()) or (text[-1] in _ON and text[-2:-1].isspace())


def _is_menu(line: Line) -> bool:
    """Return whether a line is a menu: "Home World Business Sport Opinion Log in"."""
    row = line.row
    if len(row) < _FEWEST_ENTRIES or line.ends:
        return False
    return sum(map(_entries().__contains__, row)) >= _ENTRY_SHARE * len(row)


@cache
def _entries() -> frozenset[str]:
    lists = (load().entries("navigation", key) for key in ("words", "edge", "whole"))
    return frozenset(entry for entries in lists for entry in entries if " " not in entry)


def _rows(page: Page) -> Iterator[list[Line]]:
    """Yield runs of short lines before and after the prose; a piece of a broken sentence ends one."""
    row: list[Line] = []
    for line, following in zip(page.lines, (*page.lines[1:], None), strict=True):
        if _is_scrap(page, line) and (following is None or starts_high(following.text)):
            row.append(line)
            continue
        if len(row) >= _FEWEST_SCRAPS:
            yield row
        row = []
    if len(row) >= _FEWEST_SCRAPS:
        yield row


def _is_scrap(page: Page, line: Line) -> bool:
    return (
        page.at_edge(line.index)
        and line.index not in page.head.headline_at
        and line.words <= _SCRAP_WORDS
        and not line.ends
        and line.kind != "list"
        and starts_high(line.text)
        and not _DATA.search(line.text)
    )
