"""Who holds the rights."""

from __future__ import annotations

from collections.abc import Iterable

from etl.strip.page import Page
from etl.strip.prompts import parts, prompts
from etl.strip.verdicts import Verdict

NAME, PRIORITY, FIRM = "copyright", 61, True


def judge(page: Page) -> Iterable[Verdict]:
    """Name notices of copyright before or after the prose; "Copyright law was changed." is text."""
    yield from prompts(page, "copyright")
    yield from parts(page, "copyright")
    for line in page.near:
        if line.copyright and page.at_edge(line.index):
            yield Verdict(line.index)
