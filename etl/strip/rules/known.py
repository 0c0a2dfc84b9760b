"""Paragraphs known to repeat across the publisher's site.

Reported only where no other rule names the line. So what is removed as known is what would be kept if it were not
known, and what is known of a site does not depend on what was known when a page of it was cleaned.
"""

from __future__ import annotations

from collections.abc import Iterable

from etl.strip.page import Page
from etl.strip.verdicts import Verdict
from etl.text.tokens import hashes_of

NAME, PRIORITY, FIRM = "known", 1, False


def judge(page: Page) -> Iterable[Verdict]:
    """Name lines whose hash is known; the headline of this story is not one of them."""
    if not page.known:
        return
    hashes = hashes_of([line.text for line in page.lines])
    for line, text_hash in zip(page.lines, hashes, strict=True):
        if line.index not in page.head.headline_at and text_hash in page.known:
            yield Verdict(line.index)
