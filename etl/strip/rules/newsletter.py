"""Calls to subscribe, to register, to give or to install."""

from __future__ import annotations

from collections.abc import Iterable

from etl.strip.page import Page
from etl.strip.prompts import parts, prompts
from etl.strip.verdicts import Verdict

NAME, PRIORITY, FIRM = "newsletter", 56, True


def judge(page: Page) -> Iterable[Verdict]:
    """Name calls to subscribe."""
    yield from prompts(page, "newsletter")
    yield from parts(page, "newsletter")
