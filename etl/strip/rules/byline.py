"""Who wrote it, on a line of its own at the head or the tail."""

from __future__ import annotations

from collections.abc import Iterable

from etl.strip.credits import byline_at
from etl.strip.names import is_role
from etl.strip.page import Page
from etl.strip.prompts import parts
from etl.strip.verdicts import Verdict

NAME, PRIORITY, FIRM = "byline", 70, True


def judge(page: Page) -> Iterable[Verdict]:
    """Name bylines in front of the prose or behind it; a name between two paragraphs is none."""
    yield from (Verdict(i, "; ".join(people)) for i, people in byline_at(page).items())
    for line in page.near:
        if page.at_edge(line.index) and line.index not in page.head.headline_at and is_role(line.text):
            yield Verdict(line.index, "role")
    yield from parts(page, "byline")
