"""The box with today's weather that stands on every page of a local paper."""

from __future__ import annotations

from collections.abc import Iterable

from etl.strip.page import Page
from etl.strip.phrases import load
from etl.strip.verdicts import Verdict

NAME, PRIORITY, FIRM = "weather", 46, True
_FEWEST_WORDS, _MOST_WORDS = 4, 30
_SHARE = 0.85  # of the words; in a sentence about the weather the small words are more


def judge(page: Page) -> Iterable[Verdict]:
    """Name lines of weather words and numbers; "Tonight it will be cloudy, with a low of 7." is a sentence."""
    known = load().entries("weather", "words")
    for line in page.near:
        if not _FEWEST_WORDS <= line.words <= _MOST_WORDS or known.isdisjoint(line.row):
            continue
        if not any(map(str.isdigit, line.text)):
            continue
        row = [w for w in line.row if not w.isdigit()]
        if len(row) >= _FEWEST_WORDS and sum(w in known for w in row) >= _SHARE * len(row):
            yield Verdict(line.index)
