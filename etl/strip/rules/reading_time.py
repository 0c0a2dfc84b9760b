"""How long it takes to read, how often it was read, an offer to hear it."""

from __future__ import annotations

from collections.abc import Iterable

from etl.strip.page import Page
from etl.strip.verdicts import Verdict

NAME, PRIORITY, FIRM = "reading_time", 74, True


def judge(page: Page) -> Iterable[Verdict]:
    """Name lines that are a reading time, before or after the prose."""
    for line in page.saying.get(NAME, ()):
        if page.at_edge(line.index) and (hit := line.says("reading_time")):
            yield Verdict(line.index, hit.phrase)
