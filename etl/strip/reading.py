"""The words of a line, split once. Cutting, surveying and judging all ask for those of the same lines.

A pure memory: what is remembered depends on the text alone, and so does every answer.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from etl.text import count_words, words

# Bounds for hostile documents: a few MB of text at most are remembered, the lines of several pages.
_MOST_REMEMBERED = 2_048
_LONGEST_REMEMBERED_CHARS = 2_000
_FIRST_IDEOGRAPH = "\u3040"  # below it, every word counts as one


class Reading(NamedTuple):
    """A text in normal form. A tuple, for they are made at half the cost of dataclasses."""

    words: tuple[str, ...]
    normal: str
    count: int  # type: ignore[assignment]  # of words as readers count them; nobody asks for tuple.count


def read(text: str) -> Reading:
    """Return the words of a text, in normal form."""
    return _remembered(text) if len(text) <= _LONGEST_REMEMBERED_CHARS else _read(text)


def _read(text: str) -> Reading:
    row = tuple(words(text))
    has_ideographs = not text.isascii() and max(row, default="") >= _FIRST_IDEOGRAPH
    return Reading(row, " ".join(row), count_words(text) if has_ideographs else len(row))


_remembered = lru_cache(_MOST_REMEMBERED)(_read)
