"""Credits of pictures in lines: what tells a caption from a sentence about a photograph."""

from __future__ import annotations

import re
from functools import cache
from itertools import takewhile

from etl.agencies import agency_in, is_agency
from etl.strip.names import may_name_agency
from etl.strip.phrases import load
from etl.strip.reading import read

# Behind one of these the credit stands: "A street in Kyiv / AFP", "A street | Photo: J. Doe", "(AP Photo/J. Doe)".
_CREDIT_TAIL = re.compile(r"(?:\s[/|]\s|\s?©\s?|\.\s+(?=[A-ZÀ-ÞА-Я][\w ]{0,20}:))(?P<tail>[^/|©]*)$")
_IN_PARENTHESES = re.compile(r"[(\[](?P<inside>[^()\[\]]{2,80})[)\]][\s.,]*$")
_PHOTO_BY = re.compile(r"(?:/|\bvia\b)\s*Getty Images\W*$|^\W*(?:Getty Images|Shutterstock)\b", re.IGNORECASE)
_STOCKS = frozenset(("getty", "shutterstock"))
_CLOSED = re.compile(r"(?:^|[.!?…:;|,–—(\[©])\s*$")  # what stands in front of a credit
_SENTENCE_INSIDE = re.compile(r"\w\w[.!?]\s")
_STROKE_CHARS = 80
_MOST_NAMES = 4
_LONGEST_TAIL_WORDS = 8
_LONGEST_CAPTION_WORDS = 70
_LONGEST_CAPTION_CHARS = 1_000


@cache
def _credit_words() -> frozenset[str]:
    return load().entries("caption", "credit")


def has_credit(text: str, word_count: int) -> bool:
    """Return whether a line ends with the credit of a picture.

    The near misses: "The minister declined to comment (Reuters)." names an agency but no picture in its
    parentheses, and "She took the photo in May." has no mark in front of the word.
    """
    if not 0 < word_count <= _LONGEST_CAPTION_WORDS or len(text) > _LONGEST_CAPTION_CHARS:
        return False
    row = read(text).words
    if _telling_words().isdisjoint(row) and not may_name_agency(text):
        return False
    if not _STOCKS.isdisjoint(row) and _PHOTO_BY.search(text):
        return True
    marked = "/" in text or "|" in text or "©" in text or ":" in text
    tail = _CREDIT_TAIL.search(text) if marked else None
    if tail and _is_credit(tail["tail"]):
        return True
    inside = None if _credit_words().isdisjoint(row) else _IN_PARENTHESES.search(text)
    if inside and not _credit_words().isdisjoint(read(inside["inside"]).words):
        return True
    return (not _picture_words().isdisjoint(row) and _has_label(text)) or ("/" in text and _has_stroke(text))


@cache
def _telling_words() -> frozenset[str]:
    """Return words one of which is in every credit, unless it is the name of an agency."""
    return _STOCKS | _credit_words() | _picture_words()


@cache
def _picture_words() -> frozenset[str]:
    """Return the words that labels of pictures begin with."""
    return frozenset(read(entry).words[0] for entry in load().entries("caption", "pictures"))


def _has_label(text: str) -> bool:
    """Return whether a line ends in "Photo: J. Doe" or "Photo by J. Doe", wherever that begins."""
    found = next(reversed(list(_label().finditer(text))), None)
    if found is None:
        return False
    who = text[found.end() :].rstrip(" .)]")
    named = read(who).words
    if not 0 < len(named) <= _LONGEST_TAIL_WORDS or _SENTENCE_INSIDE.search(who):
        return False
    if found["by"] and not all(map(_is_high, who.split())):
        return False
    return _is_last(text[: found.start()], text)


@cache
def _label() -> re.Pattern[str]:
    entries = load().entries
    pictures = "|".join(re.escape(w.capitalize()) for w in sorted(entries("caption", "pictures")))
    by = "|".join(map(re.escape, sorted(entries("caption", "by"))))
    return re.compile(rf"(?<![^\s(\[|.,])(?:{pictures})(?:\s?:|\s(?P<by>{by})\b(?:\s?:)?)\s*(?=\S)")


def _has_stroke(text: str) -> bool:
    """Return whether a line ends in a person and an agency with a stroke between them ("Reuters/J. Doe")."""
    left, stroke, right = text[-_STROKE_CHARS:].rstrip(" .)]").rpartition("/")
    if not stroke or not right.strip() or not left.strip():
        return False
    beside = re.split(r"[\s/]+", left.strip())
    if is_agency(right):
        people = list(takewhile(_is_high, reversed(beside)))[:_MOST_NAMES]
        known = bool(people) or bool(_credit_words().intersection(map(str.casefold, beside[-2:])))
        return known and _is_last(left.strip()[: -len(" ".join(people)) or None], text)
    tail = next((n for n in (1, 2, 3) if is_agency(" ".join(beside[-n:]))), 0)
    name = right.split()
    if not tail or len(name) > _MOST_NAMES or not all(map(_is_high, name)):
        return False
    return _is_last(left.strip()[: -len(" ".join(beside[-tail:]))], text)


def _is_high(word: str) -> bool:
    """Return whether a word may belong to a name, and ends no sentence."""
    return word[0].isupper() and (word[-1].isalnum() or len(word) == 2)


def _is_last(before: str, text: str) -> bool:
    """Return whether a credit stands apart: behind a sentence, a bar or a bracket, or in a line without a full stop.

    The near miss "It was confirmed to us by AP/Reuters." is one sentence to its end.
    """
    return _CLOSED.search(before) is not None or not text.rstrip().endswith(".")


def _is_credit(tail: str) -> bool:
    """Return whether what stands behind a mark is an agency or speaks of a picture, and is no sentence."""
    line = read(tail).words
    if not 0 < len(line) <= _LONGEST_TAIL_WORDS or re.search(r"[.!?]$", tail.strip()):
        return False
    return agency_in(tail) is not None or bool(_credit_words().intersection(line))
