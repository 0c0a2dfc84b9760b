"""A text dump as arrays: what several groups of features are computed from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from etl.strip.facts import Line
from etl.strip.learned.columns import Bools, Floats, Ints, shifted

_OPENS_LOW = re.compile(r"^\s*[,.;:!?)\]»”’…、。]")
_SCRAP_WORDS = 6  # a line this short that ends no sentence may be an entry of a menu


@dataclass(frozen=True, slots=True)
class Sheet:
    """A dump of m lines as arrays: what several groups are computed from."""

    words: Floats
    ends: Bools
    scrap: Bools  # short, and no end of a sentence
    joins: Bools  # goes on with the sentence of the line above: an inline element was broken out of it
    prose: Floats  # words of lines that read as text; of a broken sentence all its pieces
    same: Ints  # equal for lines with the same words
    sentence: Ints  # equal for the lines that one sentence was broken into


def is_scrap(line: Line) -> bool:
    """Return whether a line is short and ends no sentence, as the entries of menus do."""
    return line.words <= _SCRAP_WORDS and not line.ends


def sheet(lines: Sequence[Line]) -> Sheet:
    """Return the arrays of a dump; at least one line."""
    words = np.array([x.words for x in lines], np.float64)
    ends = np.array([x.ends for x in lines])
    open_end = ~ends & np.array([not x.moment and not x.copyright for x in lines])
    low = np.array([begins_low(x.text) for x in lines])
    tight = np.array([x.gap_before == 0 for x in lines])
    joins = low & tight & (shifted(open_end.astype(np.float64), -1, 0.0) > 0)
    known: dict[str, int] = {}
    same = np.array([known.setdefault(x.normal, len(known)) for x in lines], np.int64)
    sentence = np.cumsum(~joins) - 1
    scrap = np.array([is_scrap(x) for x in lines])
    return Sheet(words, ends, scrap, joins, _prose(lines, words, ends, sentence), same, sentence)


def begins_low(text: str) -> bool:
    """Return whether a line goes on with a sentence: by a small letter, or a mark that stands behind words."""
    return text[0].islower() or _OPENS_LOW.match(text) is not None


def _prose(lines: Sequence[Line], words: Floats, ends: Bools, sentence: Ints) -> Floats:
    whole = np.bincount(sentence, words)[sentence]
    closed = np.bincount(sentence, ends)[sentence] > 0
    pieced = (np.bincount(sentence)[sentence] > 1) & (whole >= 8) & closed
    reads = np.array([x.prose for x in lines]) | pieced
    return np.where(reads, words, 0.0)
