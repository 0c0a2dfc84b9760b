"""The standfirst, moved to its column."""

from __future__ import annotations

from collections.abc import Iterable

from etl.strip.page import Page
from etl.strip.verdicts import Verdict

NAME, PRIORITY, FIRM = "standfirst", 85, True


def judge(page: Page) -> Iterable[Verdict]:
    """Name the lines of the standfirst, unless there would be no prose beside them."""
    beside = page.first_prose < len(page.lines)
    return [Verdict(i) for i in page.head.standfirst_at if beside]
