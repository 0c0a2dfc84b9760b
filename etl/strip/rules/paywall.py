"""What stands where the rest of a story is for subscribers, or for those who sign in."""

from __future__ import annotations

from collections.abc import Iterable

from etl.strip.page import Page
from etl.strip.prompts import prompts
from etl.strip.verdicts import Verdict

NAME, PRIORITY, FIRM = "paywall", 62, True


def judge(page: Page) -> Iterable[Verdict]:
    """Name such lines, and forms for signing in; "Subscriptions to the bond rose." asks for nothing."""
    yield from prompts(page, "paywall")
    yield from prompts(page, "sign_in")
