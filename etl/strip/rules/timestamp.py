"""When it was published, on a line of its own."""

from __future__ import annotations

from collections.abc import Iterable

from etl.strip.page import Page
from etl.strip.prompts import parts
from etl.strip.shapes import moment_label
from etl.strip.verdicts import Verdict

NAME, PRIORITY, FIRM = "timestamp", 75, True


def judge(page: Page) -> Iterable[Verdict]:
    """Name dates and clocks before or after the prose; between two paragraphs a bare date is a subheading."""
    yield from parts(page, "timestamp")
    for line in page.near:
        if line.moment and (page.at_edge(line.index) or moment_label(line.text)):
            yield Verdict(line.index)
