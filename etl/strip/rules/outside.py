"""What stands outside the body of a page."""

from __future__ import annotations

from collections.abc import Iterable

from etl.strip.page import Page
from etl.strip.verdicts import Verdict

NAME, PRIORITY, FIRM = "outside", 10, True


def judge(page: Page) -> Iterable[Verdict]:
    """Name every line that is not in the chosen body. What spoke against it is told of those no other rule names."""
    body = page.choice.body
    return [Verdict(line.index) for line in page.lines if line.index not in body]
