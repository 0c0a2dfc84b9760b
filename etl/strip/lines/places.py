"""Features of where a line stands: in its sentence, in the dump, behind the headline, among its copies."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from etl.strip.facts import Line
from etl.strip.learned.columns import Columns, flags, running, shifted
from etl.strip.lines.sheet import Sheet

_TITLE_LIKENESS = 0.6  # share of words in common with the title from which on a line may be the headline
_TITLE_LINES = 400
_FAR_LINES = 40


def sentence(page: Sheet) -> Columns:
    """Return what a line is together with those that its sentence was broken into."""
    count, words = np.bincount(page.sentence), np.bincount(page.sentence, page.words)
    closed = np.bincount(page.sentence, page.ends) > 0
    return {
        "joins": flags(page.joins),
        "joined": shifted(flags(page.joins), 1, 0.0),
        "pieces": np.minimum(count[page.sentence], 10).astype(np.float64),
        "sentence_words": np.log1p(words[page.sentence]),
        "sentence_ends": flags(closed[page.sentence]),
    }


def place(page: Sheet) -> Columns:
    m = len(page.words)
    index, before = np.arange(m), running(page.words)[:-1]
    total = max(1.0, float(page.words.sum()))
    return {
        "place": index / m,
        "place_in_words": before / total,
        "from_first": np.minimum(index, _FAR_LINES).astype(np.float64),
        "until_last": np.minimum(m - 1 - index, _FAR_LINES).astype(np.float64),
        "words_before": np.log1p(before),
        "words_after": np.log1p(np.maximum(total - before - page.words, 0)),
    }


def title(lines: Sequence[Line], headline: str | None, page: Sheet) -> Columns:
    """Return likeness to the title, and the place after the line that repeats it: in a dump the story's headline."""
    m = len(lines)
    title = set((headline or lines[0].normal).casefold().split()) if headline else set(lines[0].row)
    like = np.zeros(m)
    for i, line in enumerate(lines[:_TITLE_LINES]):
        if 2 < line.words <= 40 and title:
            found = set(line.row)
            like[i] = len(found & title) / max(1, min(len(found), len(title)))
    index = np.arange(m)
    tops = index[(like >= _TITLE_LIKENESS) & (index > (0 if headline is None else -1))]
    top = int(tops[np.argmax(like[tops])]) if len(tops) else -1
    since = np.clip(index - top, -_FAR_LINES, 100).astype(np.float64)
    before = running(page.words)[:-1]
    return {
        "like_title": like,
        "has_title": np.full(m, float(top >= 0)),
        "from_title": since if top >= 0 else np.full(m, -_FAR_LINES - 1.0),
        "words_from_title": np.clip(before - before[top], -500, 3000) if top >= 0 else np.full(m, -600.0),
    }


def repetition(page: Sheet) -> Columns:
    count = np.bincount(page.same)
    first = np.full(len(count), len(page.same))
    np.minimum.at(first, page.same, np.arange(len(page.same)))
    again = count[page.same] > 1
    around = running(flags(again))
    m = len(page.words)
    low, high = np.maximum(np.arange(m) - 5, 0), np.minimum(np.arange(m) + 6, m)
    return {
        "copies": np.minimum(count[page.same], 6).astype(np.float64),
        "again": flags(first[page.same] < np.arange(m)),
        "repeated_around": (around[high] - around[low]) / (high - low),
    }
