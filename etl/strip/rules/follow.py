"""Calls to follow the paper elsewhere."""

from __future__ import annotations

from collections.abc import Iterable

from etl.strip.page import Page
from etl.strip.phrases import load
from etl.strip.prompts import parts, prompts
from etl.strip.verdicts import Verdict

NAME, PRIORITY, FIRM = "follow", 57, True
_MOST_WORDS = 10


def judge(page: Page) -> Iterable[Verdict]:
    """Name calls to follow; "Follow the money, he said." has no such call."""
    yield from prompts(page, "follow")
    yield from parts(page, "follow")
    verbs, networks = load().entries("follow", "verbs"), load().entries("follow", "networks")
    for line in page.near:
        row = line.row
        if 2 < len(row) <= _MOST_WORDS and not line.full and row[0] in verbs and row[-1] in networks:
            yield Verdict(line.index, "on a network")
