"""The first look's answers around each block: what the second look sees besides the features."""

from __future__ import annotations

import numpy as np

from etl.strip.learned.decide import expected_f1
from etl.strip.learned.features import Columns, gaps, shifted
from etl.strip.learned.outline import Floats, Outline, running

_MOST_WORDS = 100  # a block weighs by its words, up to so many
_NO_BLOCK = -6.0  # log-odds beyond the page
_FAR_BLOCKS = 40
_SURE_SHARE, _SURE_WORDS = 0.6, 8
_WINDOW = 6


def context(frame: Outline, first: Floats) -> Columns:
    """Return columns (m,) from the first look's probabilities (m,); at least one block."""
    m = len(first)
    index = np.arange(m)
    odds = log_odds(first)
    weight = np.minimum(frame.words, _MOST_WORDS) + 0.5
    top = float(np.sort(first)[-max(1, min(5, m // 10)) :].mean())
    shares = frame.over_elements(weight * first) / np.maximum(frame.over_elements(weight), 1e-6)
    parent = frame.parent[frame.element]
    over = frame.parent[parent]
    of_make = np.bincount(frame.make, weight * first) / np.bincount(frame.make, weight)
    sums, story = running(weight), running(weight * first)
    low, high = np.maximum(index - _WINDOW, 0), np.minimum(index + _WINDOW + 1, m)
    sure = (first >= _SURE_SHARE * top) & (frame.words >= _SURE_WORDS)
    since, until, between = gaps(sure, _FAR_BLOCKS)
    beside_sure = np.bincount(parent, sure, minlength=len(frame.parent))[parent] > 0
    return {
        "first": odds,
        "first_of_top": first / max(top, 0.02),
        **{f"first{d:+}": shifted(odds, d, _NO_BLOCK) for d in (-3, -2, -1, 1, 2, 3)},
        "first_parent": shares[parent],
        "first_over": shares[over],
        "first_higher": shares[frame.parent[over]],
        "first_make": of_make[frame.make],
        "first_top": np.full(m, top),
        "story_before": story[:-1] / max(story[-1], 1e-6),
        "story_after": 1 - story[1:] / max(story[-1], 1e-6),
        "since_sure": since,
        "until_sure": until,
        "between_sure": between.astype(np.float64),
        "beside_sure": beside_sure.astype(np.float64),
        "first_window": (story[high] - story[low]) / (sums[high] - sums[low]),
        "first_expected": np.full(m, expected_f1(frame.words, first, first >= 0.5)),
    }


def log_odds(probability: Floats) -> Floats:
    """Return log(p / (1 - p)), bounded."""
    p = np.clip(probability, 1e-4, 1 - 1e-4)
    return np.log(p / (1 - p))
