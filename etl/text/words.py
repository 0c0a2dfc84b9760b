"""Words of a text: folded white space, letters in normal form, words and where they stand."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from itertools import groupby

# Soft hyphens, zero-width marks and byte order marks are typesetting, not text.
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
# A character with the marks that are written onto it. Hangul syllables may stand as several letters.
_MARK = (
    r"[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf-\u05c7\u064b-\u065f\u0670\u0900-\u0dff\u1100-\u11ff\u3099\u309a]"
)
_CLUSTER = re.compile(rf"([\x00-\x7f]+(?=[\x00-\x7f]|\Z))|.(?:[{_INVISIBLE}]*{_MARK}+)*", re.DOTALL)
# Vowel points of Hebrew and Arabic, and the stroke that stretches a word: one paper prints them, the next does not.
_POINTS = re.compile("[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0640\u064b-\u0652\u0670]")
_VARIATION_SELECTORS = 0xFE00  # the first of them
_FAR = "\U00010000"
# Scripts written without spaces: every ideograph or kana is a word by itself.
IDEOGRAPHS = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"


@cache
def marks() -> tuple[tuple[int, int], ...]:
    """Return the ranges of code points, first and last, of marks that stand inside words, such as the vowels of Hindi.

    To a regular expression they are no word characters. Variation selectors are left out: an emoji is no word.
    """
    of_kana = ("\u3099", "\u309a")  # ideographs here; accents of Latin letters, up to U+036F, became one with them
    marks = (c for c in range(0x370, 0x1F000) if unicodedata.category(chr(c)) in ("Mn", "Mc") and chr(c) not in of_kana)
    runs = ([c for _, c in run] for _, run in groupby(enumerate(marks), lambda numbered: numbered[1] - numbered[0]))
    return tuple((run[0], run[-1]) for run in runs if run[0] != _VARIATION_SELECTORS)


@cache
def _word() -> re.Pattern[str]:
    """Return the pattern of words in all scripts. It takes a while to make, and Latin letters need none of it."""
    ranges = [f"{chr(first)}-{chr(last)}" for first, last in marks()]
    near, far = ("".join(r for r in ranges if (r < _FAR) is is_near) for is_near in (True, False))
    # A class with far characters is slow to look into: only those that may be in it are looked up.
    row = rf"(?:[^\W_{IDEOGRAPHS}]+|[{near}]+|(?:(?=[{_FAR}-\U0010ffff])[{far}])+)+"
    return re.compile(rf"[{IDEOGRAPHS}]|{row}(?:'{row})*")


_LATIN_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")  # the same up to the Latin letters; at half the cost
_BEHIND_LATIN = re.compile("[\u0300-\U0010ffff]")
# The same in ASCII alone: letters made small and all else a space, for a split at a third of the cost.
_ASCII_LETTERS = str.maketrans({c: chr(c).lower() if chr(c).isalnum() else " " for c in range(128)})
_ASCII_IN_WORDS = {**_ASCII_LETTERS, ord("'"): "'"}
_QUOTES_AND_DASHES = "“”„«»–—•"  # all there is beside ASCII in most English; no word has one
_APOSTROPHES = "’‘ʼ＇`´"


def fold_space(text: str) -> str:
    """Return the text with invisible marks dropped and each run of white space as one space."""
    if "\n" not in text and "  " not in text and text.isprintable():  # then all there is of either is the space
        return text.strip(" ")
    return " ".join(_visible(text).split())


def _visible(text: str) -> str:
    return text if text.isascii() else _replaced(text, _INVISIBLE, "")


def _replaced(text: str, characters: str, by: str) -> str:
    """Return the text with each of the characters replaced; a search in C for each beats one table for all."""
    for character in characters:
        if character in text:
            text = text.replace(character, by)
    return text


def letters(text: str) -> str:
    """Return the text with letters as words have them: NFKC, case folded, without invisible marks and points.

    There is one kind of apostrophe. Does not say where words begin and end.
    """
    if not text.isascii():
        text = _plain(text)
    return text.casefold()


def _plain(text: str) -> str:
    return _POINTS.sub("", _replaced(unicodedata.normalize("NFKC", _visible(text)), _APOSTROPHES, "'"))


def words(text: str) -> list[str]:
    """Return the words in normal form: NFKC, case folded, punctuation gone, an ideograph a word."""
    plain = text
    if not text.isascii():
        plain = _replaced(letters(text), _QUOTES_AND_DASHES, " ")
        if not plain.isascii():
            return _pattern(plain).findall(plain)
    if "'" not in plain:
        return plain.translate(_ASCII_LETTERS).split()
    # Of apostrophes those between two letters stay: what is left has none beside another, nor beside a space.
    spaced = f" {plain.translate(_ASCII_IN_WORDS)} "
    return spaced.replace("''", " ").replace(" '", " ").replace("' ", " ").split()


def is_in_place(text: str) -> bool:
    """Say whether each character of `letters(text)` stands where its own stands in the text."""
    if text.isascii():
        return True
    return _is_plain(text) and len(text.casefold()) == len(text)  # folding makes no text shorter


def _is_plain(text: str) -> bool:
    if any(mark in text for mark in _INVISIBLE) or not unicodedata.is_normalized("NFKC", text):
        return False
    return not _POINTS.search(text)


def word_spans(text: str) -> list[tuple[str, int, int]]:
    """Return the same words as `words`, each with its character span [start, end) in `text`."""
    if text.isascii():
        return [(m[0].casefold(), m.start(), m.end()) for m in _LATIN_WORD.finditer(text)]
    plain, places = _plain_with_places(text)
    found = _pattern(plain).finditer(plain)
    return [(m[0].casefold(), places[m.start()], places[m.end() - 1] + 1) for m in found]


def _pattern(plain: str) -> re.Pattern[str]:
    return _word() if _BEHIND_LATIN.search(plain) else _LATIN_WORD


def _plain_with_places(text: str) -> tuple[str, Sequence[int]]:
    """Return NFKC text without invisible marks and points, and for each of its characters the one it came from."""
    if _is_plain(text):
        return _replaced(text, _APOSTROPHES, "'"), range(len(text))
    pieces: list[str] = []
    places: list[int] = []
    for found in _CLUSTER.finditer(text):
        if found[1]:  # plain letters with nothing written onto them
            pieces.append(found[1])
            places.extend(range(*found.span()))
            continue
        piece = _plain(found[0])
        pieces.append(piece)
        # All characters of a cluster but its last stand for its first, so that a span always covers it whole.
        places.extend([found.start()] * max(0, len(piece) - 1) + [found.end() - 1] * bool(piece))
    return "".join(pieces), places


def count_words(text: str) -> int:
    """Return the number of words; two ideographs or Thai letters count as one, as readers do."""
    found = words(text)
    single = sum(len(w) == 1 and not w.isascii() and bool(re.match(f"[{IDEOGRAPHS}]", w)) for w in found)
    return len(found) - single + (single + 1) // 2


def normal_form(text: str) -> str:
    """Return the words joined by single spaces: equal for texts that differ in dress alone."""
    return " ".join(words(text))
