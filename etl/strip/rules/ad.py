"""Marks of advertisements."""

from __future__ import annotations

from collections.abc import Iterable

from etl.strip.page import Page
from etl.strip.prompts import parts, prompts
from etl.strip.verdicts import Verdict

NAME, PRIORITY, FIRM = "ad", 60, True


def judge(page: Page) -> Iterable[Verdict]:
    """Name lines that say that they are an advertisement, or that the text goes on below one."""
    yield from prompts(page, "ad")
    yield from parts(page, "ad")
