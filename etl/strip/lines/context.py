"""The first look's answers around each line: what the second look sees besides the features."""

from __future__ import annotations

import numpy as np

from etl.strip.learned.context import log_odds
from etl.strip.learned.decide import expected_f1
from etl.strip.learned.features import Columns, gaps, shifted
from etl.strip.learned.outline import Floats, running
from etl.strip.lines.features import Sheet

_MOST_WORDS = 100  # a line weighs by its words, up to so many
_NO_LINE = -6.0  # log-odds beyond the dump
_FAR_LINES = 60
_SURE_SHARE, _SURE_WORDS = 0.6, 8


def context(page: Sheet, first: Floats) -> Columns:
    """Return columns (m,) from the first look's probabilities (m,); at least one line."""
    m = len(first)
    index = np.arange(m)
    odds = log_odds(first)
    weight = np.minimum(page.words, _MOST_WORDS) + 0.5
    top = float(np.sort(first)[-max(1, min(5, m // 10)) :].mean())
    sums, story = running(weight), running(weight * first)
    sure = (first >= _SURE_SHARE * top) & (page.words >= _SURE_WORDS)
    since, until, between = gaps(sure, _FAR_LINES)
    sentence = np.cumsum(~page.joins) - 1
    of_sentence = np.bincount(sentence, weight * first) / np.bincount(sentence, weight)
    columns = {
        "first": odds,
        "first_of_top": first / max(top, 0.02),
        **{f"first{d:+}": shifted(odds, d, _NO_LINE) for d in (-3, -2, -1, 1, 2, 3)},
        "first_sentence": of_sentence[sentence],
        "first_top": np.full(m, top),
        "story_before": story[:-1] / max(story[-1], 1e-6),
        "story_after": 1 - story[1:] / max(story[-1], 1e-6),
        "since_sure": since,
        "until_sure": until,
        "between_sure": between.astype(np.float64),
        "first_share": np.full(m, float(story[-1] / sums[-1])),
        "first_expected": np.full(m, expected_f1(page.words, first, first >= 0.5)),
    }
    for width in (3, 8, 20):
        low, high = np.maximum(index - width, 0), np.minimum(index + width + 1, m)
        columns[f"first_window{width}"] = (story[high] - story[low]) / (sums[high] - sums[low])
    return columns
