"""Features of what stands around a line: its neighbours, rows of scraps, the prose, the whole dump."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from etl.strip.facts import Line
from etl.strip.learned.columns import Columns, flags, gaps, running, shifted
from etl.strip.lines.sheet import Sheet

_FAR_LINES = 40


def neighbours(page: Sheet) -> Columns:
    m = len(page.words)
    by_name = {
        "log_words": np.log1p(page.words),
        "ends": flags(page.ends),
        "prose": np.log1p(page.prose),
        "scrap": flags(page.scrap),
    }
    columns = {f"{name}{d:+}": shifted(v, d, -1.0) for d in (-3, -2, -1, 1, 2, 3) for name, v in by_name.items()}
    sums, texts, scraps = running(page.words), running(page.prose), running(flags(page.scrap))
    index = np.arange(m)
    for width in (4, 12):
        low, high = np.maximum(index - width, 0), np.minimum(index + width + 1, m)
        columns[f"window_prose{width}"] = (texts[high] - texts[low]) / np.maximum(sums[high] - sums[low], 1)
        columns[f"window_words{width}"] = np.log1p(texts[high] - texts[low])
        columns[f"window_scraps{width}"] = (scraps[high] - scraps[low]) / (high - low)
    return columns


def rows(page: Sheet) -> Columns:
    """Return the runs of scraps a line stands in or between, and how far the prose around it is."""
    m = len(page.words)
    run = np.cumsum(np.concatenate(([True], page.scrap[1:] != page.scrap[:-1]))) - 1
    length = np.bincount(run)
    above = np.concatenate(([0], length))[run]
    below = np.concatenate((length, [0]))[run + 1]
    texts = running(page.prose)
    total = max(1.0, float(page.prose.sum()))
    before, after, between = gaps(page.prose >= 15, _FAR_LINES)
    return {
        "row": np.where(page.scrap, np.log1p(length[run]), 0.0),
        "row_above": np.log1p(above),
        "row_below": np.log1p(below),
        "prose_before": texts[:-1] / total,
        "prose_after": (texts[-1] - texts[1:]) / total,
        "since_prose": before,
        "until_prose": after,
        "between_prose": flags(between),
        "log_prose_before": np.log1p(texts[:-1]),
        "log_prose_after": np.log1p(np.maximum(texts[-1] - texts[1:], np.zeros(m))),
    }


def whole(lines: Sequence[Line], page: Sheet) -> Columns:
    m = len(page.words)
    total = max(1.0, float(page.words.sum()))
    facts = {
        "lines": np.log1p(m),
        "all_words": np.log1p(total),
        "all_prose": float(page.prose.sum()) / total,
        "all_scraps": float(page.scrap.mean()),
        "scrap_words": float(page.words[page.scrap].sum()) / total,
        "all_gaps": float(np.mean([x.gap_before > 0 for x in lines])),
    }
    return {name: np.full(m, float(value)) for name, value in facts.items()}
