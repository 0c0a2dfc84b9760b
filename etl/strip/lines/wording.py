"""Features of each line by itself: its signs and words, and what the rules know of it."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from etl.strip.facts import Line
from etl.strip.learned.columns import Columns, flags
from etl.strip.lines.sheet import Sheet, begins_low
from etl.strip.lines.small_words import SMALL_WORDS

_MARK = re.compile(r"[.,;:!?。、，！？]")
_LEFT_OPEN = re.compile(r"[,(\[«“„–—-]$")
_QUOTE = re.compile(r"[\"“”„«»「『]")
_JUNK = frozenset(
    ("share", "follow", "ad", "comment_form", "newsletter", "consent", "related", "navigation", "copyright", "tags",
     "paywall", "loading", "caption")
)  # fmt: skip
_SECTIONS = ("share", "related", "navigation", "comment_form", "newsletter", "caption", "follow", "consent")


def text(lines: Sequence[Line], page: Sheet) -> Columns:
    n = np.maximum(page.words, 1)
    rows = np.array([_counts(x) for x in lines], np.float64)
    chars = np.maximum(rows[:, 0], 1)
    return {
        "words": np.minimum(page.words, 150),
        "log_words": np.log1p(page.words),
        "word_chars": np.minimum(chars / n, 30),
        "marks": rows[:, 1] / n,
        "digits": rows[:, 2] / chars,
        "capitals": rows[:, 3] / n,
        "small_words": rows[:, 4] / n,
        "quotes": np.minimum(rows[:, 5], 4),
        "bars": np.minimum(rows[:, 6], 4),
        "ends": flags(page.ends),
        "colon": flags([x.text.endswith(":") for x in lines]),
        "cut_short": flags([x.text.endswith(("…", "...", "[…]")) for x in lines]),
        "question": flags([x.text.endswith("?") for x in lines]),
        "low": flags([begins_low(x.text) for x in lines]),
        "left_open": flags([_LEFT_OPEN.search(x.text) is not None for x in lines]),
        "all_capitals": flags([x.text.isupper() for x in lines]),
    }


def _counts(line: Line) -> tuple[int, ...]:
    """Return characters, marks, digits, words with a capital, small words, quotation marks, bars."""
    text = line.text
    split = text.split()
    return (
        len(text),
        len(_MARK.findall(text)),
        sum(map(str.isdigit, text)),
        sum(w[0].isupper() for w in split),
        sum(w in SMALL_WORDS for w in line.row),
        len(_QUOTE.findall(text)),
        text.count("|") + text.count("•") + text.count("·") + text.count("/"),
    )


def facts(lines: Sequence[Line]) -> Columns:
    said = [{h.section for h in x.hits} for x in lines]
    return {
        "full": flags([x.full for x in lines]),
        "reads": flags([x.prose for x in lines]),
        "firm": flags([x.firm for x in lines]),
        "moment": flags([x.moment for x in lines]),
        "byline": flags([bool(x.authors) for x in lines]),
        "copyright": flags([x.copyright for x in lines]),
        "list": flags([x.kind == "list" for x in lines]),
        "phrase": flags([bool(s & _JUNK) for s in said]),
        "whole_phrase": flags([any(h.whole and h.section in _JUNK for h in x.hits) for x in lines]),
        **{f"says_{name}": flags([name in s for s in said]) for name in _SECTIONS},
        "gap": np.minimum([x.gap_before for x in lines], 3).astype(np.float64),
    }
