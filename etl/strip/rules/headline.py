"""The headline, moved to its column; its further copies go with it."""

from __future__ import annotations

from collections.abc import Iterable

from etl.strip.page import Page
from etl.strip.verdicts import Verdict

NAME, PRIORITY, FIRM = "headline", 90, True


def judge(page: Page) -> Iterable[Verdict]:
    """Name every line that is the headline."""
    first = min(page.head.headline_at, default=-1)
    return [Verdict(i, "" if i == first else "again") for i in page.head.headline_at]
