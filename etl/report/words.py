"""Pieces of Markdown: tables, counts, and other people's text as plain text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from etl.accounts import Number

# What Markdown or HTML would read as markup inside a line. A headline or an address is data and must stay text.
# An underscore inside a word is none: names of rules stay readable where nothing renders the report.
_MARKUP = re.compile(r"[\\`*\[\]<>|~&]|(?<!\w)_|_(?!\w)")
_WIDEST = 160  # characters of a headline or an error


def many(count: int, thing: str) -> str:
    """Return a count with its noun: 1 story, 2 stories."""
    several = thing.removesuffix("y") + "ies" if thing.endswith("y") else thing + "s"
    return f"{count:,} {thing if count == 1 else several}"


def by_size(counts: Mapping[str, Number]) -> list[tuple[str, Number]]:
    """Return the counts, largest first."""
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a table; a column whose head ends in a colon is aligned to the right."""
    heads = list(heads)
    rule = ["---:" if head.endswith(":") else "---" for head in heads]
    lines = [[head.rstrip(":") for head in heads], rule, *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def one_line(value: str, widest: int | None = _WIDEST) -> str:
    """Return a value as one line of text in which nothing is markup."""
    return _MARKUP.sub(r"\\\g<0>", shortened(value, widest))


def shortened(value: str, widest: int | None) -> str:
    """Return a value as one line of so many characters at most; what is cut shows it."""
    line = " ".join(value.split())
    return line[: widest - 1] + "…" if widest and len(line) > widest else line
