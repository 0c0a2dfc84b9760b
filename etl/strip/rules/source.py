"""Where it was first published, on a line of its own."""

from __future__ import annotations

from collections.abc import Iterable

from etl.strip.credits import agency_alone
from etl.strip.page import Page
from etl.strip.prompts import prompts
from etl.strip.verdicts import Verdict

NAME, PRIORITY, FIRM = "source", 56, True


def judge(page: Page) -> Iterable[Verdict]:
    """Name lines such as "Source: ..." or the bare name of an agency, before or after the prose."""
    yield from prompts(page, "source")
    for line in page.near:
        if page.at_edge(line.index) and agency_alone(line):
            yield Verdict(line.index, "agency")
