"""What is left of a form for comments."""

from __future__ import annotations

from collections.abc import Iterable

from etl.strip.page import Page
from etl.strip.prompts import parts, prompts
from etl.strip.verdicts import Verdict

NAME, PRIORITY, FIRM = "comment_form", 59, True


def judge(page: Page) -> Iterable[Verdict]:
    """Name the fields, buttons and notices of a form for comments."""
    yield from prompts(page, "comment_form")
    yield from parts(page, "comment_form")
