"""Notices about cookies, consent and scripts."""

from __future__ import annotations

from collections.abc import Iterable

from etl.strip.page import Page
from etl.strip.prompts import parts, prompts
from etl.strip.verdicts import Verdict

NAME, PRIORITY, FIRM = "consent", 58, True


def judge(page: Page) -> Iterable[Verdict]:
    """Name such notices."""
    yield from prompts(page, "consent")
    yield from parts(page, "consent")
