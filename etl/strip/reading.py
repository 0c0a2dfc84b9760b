"""The words of a line, split once. Cutting, surveying and judging all ask for those of the same lines.

A pure memory: what is remembered depends on the text alone, and so does every answer.
"""

from __future__ import annotations

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


def _read(text: str) -> Reading:
    row = tuple(words(text))
    has_ideographs = not text.isascii() and max(row, default="") >= _FIRST_IDEOGRAPH
    return Reading(row, " ".join(row), count_words(text) if has_ideographs else len(row))


class _Memory(dict[str, Reading]):
    """Readings by text. Asked for a hundred times a text, so what is there is found without a call in Python."""

    def __missing__(self, text: str) -> Reading:
        found = _read(text)
        if len(text) <= _LONGEST_REMEMBERED_CHARS:
            if len(self) >= _MOST_REMEMBERED:
                self.clear()
            self[text] = found
        return found


read = _Memory().__getitem__  # from a text to its words, in normal form
