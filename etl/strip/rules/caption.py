"""Captions of pictures, by their label or their credit."""

from __future__ import annotations

from collections.abc import Iterable

from etl.strip.captions import has_credit
from etl.strip.page import Page
from etl.strip.prompts import parts
from etl.strip.verdicts import Verdict

NAME, PRIORITY, FIRM = "caption", 65, True


def judge(page: Page) -> Iterable[Verdict]:
    """Name lines with the credit of a picture, or with a label such as "Photo:"."""
    yield from parts(page, "caption")
    for line in page.near:
        if line.index in page.head.headline_at or line.kind == "list":
            continue
        if hit := line.says("caption"):
            yield Verdict(line.index, hit.phrase)
        elif has_credit(line.text, line.words):
            yield Verdict(line.index, "credit")
