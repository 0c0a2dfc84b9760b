"""What stands where something was still to load."""

from __future__ import annotations

from collections.abc import Iterable

from etl.strip.page import Page
from etl.strip.prompts import prompts
from etl.strip.verdicts import Verdict

NAME, PRIORITY, FIRM = "loading", 50, True


def judge(page: Page) -> Iterable[Verdict]:
    """Name such lines."""
    return prompts(page, "loading")
