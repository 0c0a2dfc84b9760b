"""The shapes of a line, by itself: does it end a sentence, is it a title, a name, a moment."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from etl.strip.phrases import load
from etl.strip.reading import read

_CLOSERS = "\"'”’»“‘)]）」』"
_FINAL = tuple(".!?…。！？।؟")
_QUOTE_ENDS = tuple('"”»」』')
_SPACES = "".join(filter(str.isspace, map(chr, range(0x3001))))
_BEHIND_FINAL = _CLOSERS + _SPACES
_BEHIND_QUOTE = _SPACES + ","
_INSIDE = re.compile(rf"[\w{re.escape(_CLOSERS)}][.!?…]+[{re.escape(_CLOSERS)}]*\s+[\"“«„‘(]*[^\W\d_a-z]|[。！？]")
_LIST_MARK = re.compile(r"^(?:[-–—•·▪●◦*‣]\s|\d{1,2}[.)]\s)")
_ABBREVIATION = re.compile(r"(?:\b[A-ZÀ-ÞА-ЯІЇЄ]\.){2,}$|\b(?:Inc|Ltd|Corp|Co|Jr|Sr|St|No|Dr|Mr|Mrs|etc|U\.S)\.$")
_TRIM = " \t|•·,;:–—-/"
_LONGEST_ABBREVIATION_CHARS = 8
_NUMBER = re.compile(r"\d+(?:st|nd|rd|th|er|º|ª)?")
_NUMBER_OR_ZONED = re.compile(rf"{_NUMBER.pattern}|\d+[tzh]\d*z?|\d+[ap]m")
_CLOCK = re.compile(r"\b\d{1,2}[:.hH]\d{2}(?::\d{2})?(?!\d)|\b\d{1,2}\s?[aApP]\.?[mM]\b")
_NUMERIC_DAY = re.compile(r"\b(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2}))(?=T|\b)")
_ZONE = re.compile(r"(?<=\d)Z$|[+-]\d{2}:?\d{2}$|\bGMT[+-]\d+|\bUTC[+-]\d+")
_LONGEST_TITLE_WORDS = 30
_LONGEST_MOMENT_WORDS = 20
_LABEL_CHARS = 60  # the longest label of a date is far shorter


def is_listed(text: str) -> bool:
    """Return whether a line begins with the mark of a list item."""
    return _LIST_MARK.match(text) is not None


def ends_sentence(text: str) -> bool:
    """Return whether a line ends as prose does: a full stop, "!", "?", an ellipsis or a closing quotation mark."""
    if text[-1:].isalnum():
        return False
    return _has_final(text) or text.rstrip(_BEHIND_QUOTE).endswith(_QUOTE_ENDS)


def _has_final(text: str) -> bool:
    return text.rstrip(_BEHIND_FINAL).endswith(_FINAL)


def ends_fully(text: str) -> bool:
    """Return whether a line ends with a full stop, which titles do not; "U.S." and "Inc." are no full stop."""
    if "." not in text[-3:] or not _has_final(text):
        return False
    return _ABBREVIATION.search(text, max(0, len(text) - _LONGEST_ABBREVIATION_CHARS)) is None


def has_inner_sentence(text: str) -> bool:
    """Return whether a sentence ends and another begins inside a line."""
    return _INSIDE.search(text) is not None


def starts_high(text: str) -> bool:
    """Return whether the first letter or digit of a line is not a small letter."""
    if text[:1].isalnum():
        return not text[0].islower()
    first = next((c for c in text if c.isalnum()), "")
    return bool(first) and not first.islower()


def is_title_like(text: str, word_count: int) -> bool:
    """Return whether a line without a full stop could be a headline: short and high."""
    return 1 < word_count <= _LONGEST_TITLE_WORDS and starts_high(text)


@cache
def _moment_words() -> frozenset[str]:
    entries = load().entries
    named = [entries("timestamp", key) for key in ("months", "weekdays", "fill")]
    labels = entries("timestamp", "published") | entries("timestamp", "modified")
    return frozenset().union(*named, (word for label in labels for word in read(label).words))


@cache
def _moment_openers() -> frozenset[str]:
    """Return the first words of lines that are a moment; others begin with a digit."""
    return _moment_words() | _ago_openers()


@cache
def _months() -> frozenset[str]:
    return load().entries("timestamp", "months")


def opens_like_moment(text: str) -> bool:
    """Return whether a line, or its beginning, may be a moment by its first word: most are none by that."""
    line = read(text).words
    return bool(line) and (line[0] in _moment_openers() or line[0][0].isdigit())


def is_moment(text: str) -> bool:
    """Return whether a line is a date, a time of day or both, and nothing else ("Published: 22 Oct, 20:01")."""
    if not opens_like_moment(text):
        return False
    line = read(text).words
    if len(line) > _LONGEST_MOMENT_WORDS or not _is_dated(line) or not any(map(str.isdigit, text)):
        return is_ago(text)
    return has_day(text) or bool(_CLOCK.search(text))


def _is_dated(line: Iterable[str]) -> bool:
    known = _moment_words()
    return all(w in known or _NUMBER_OR_ZONED.fullmatch(w) for w in line)


def has_day(text: str) -> bool:
    """Return whether a line names a day: in numbers, or a month with a number."""
    if _NUMERIC_DAY.search(text):
        return True
    line = read(text).words
    return bool(_months().intersection(line)) and any(_NUMBER.fullmatch(w) for w in line)


def is_ago(text: str) -> bool:
    """Return whether a line is a moment by distance ("3 hours ago")."""
    row = read(text).words
    if not row or not (row[0].isdigit() or row[0] in _ago_openers()):
        return False
    ago = load().entries("timestamp", "ago")
    line = " ".join("#" if w.isdigit() else w for w in row)
    if line in ago:
        return True
    labels = (*_labels("published"), *_labels("modified"))
    return line.startswith(labels) and any(line.startswith(x) and line[len(x) :] in ago for x in labels)


@cache
def _ago_openers() -> frozenset[str]:
    """Return the first words of moments by distance, and of the labels that may stand in front of one."""
    entries = (*load().entries("timestamp", "ago"), *_labels("published"), *_labels("modified"))
    return frozenset(entry.split()[0] for entry in entries)


def moment_label(text: str) -> str | None:
    """Return "published" or "modified" if a line begins with such a label."""
    line = read(text[:_LABEL_CHARS]).normal + " "
    return next((kind for kind in ("modified", "published") if line.startswith(_labels(kind))), None)


@cache
def _labels(kind: str) -> tuple[str, ...]:
    return tuple(f"{label} " for label in sorted(load().entries("timestamp", kind)))


def trimmed(text: str) -> str:
    """Return a line without the separators it was cut at, nor brackets around all of it."""
    bare = text.strip(_TRIM)
    return bare[1:-1].strip(_TRIM) if bare[:1] + bare[-1:] in ("()", "[]") else bare
