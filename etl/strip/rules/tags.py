"""Keywords and sections after a label."""

from __future__ import annotations

import re
from collections.abc import Iterable

from etl.strip.page import Page
from etl.strip.prompts import parts, prompts
from etl.strip.verdicts import Verdict

_HASHTAG = re.compile(r"#\w+[,;]?")
NAME, PRIORITY, FIRM = "tags", 56, True


def judge(page: Page) -> Iterable[Verdict]:
    """Name lines such as "Tags: ..." before or after the prose."""
    yield from prompts(page, "tags")
    yield from parts(page, "tags")
    for line in page.near:
        if (
            "#" in line.text
            and page.at_edge(line.index)
            and all(_HASHTAG.fullmatch(word) for word in line.text.split())
        ):
            yield Verdict(line.index, "hashtags")
