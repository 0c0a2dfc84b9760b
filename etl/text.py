"""One meaning of "same text": folded white space, normal form, words, hashes.

Everything that compares text uses these, so that two stages never disagree on what a word is.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata

# Soft hyphens, zero-width marks and byte order marks are typesetting, not text.
_INVISIBLE = dict.fromkeys((0xAD, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF))
_SPACE = re.compile(r"\s+")
# Scripts written without spaces: every ideograph or kana is a word by itself.
_IDEOGRAPHS = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_IDEOGRAPHS}]|[^\W_{_IDEOGRAPHS}]+(?:'[^\W_{_IDEOGRAPHS}]+)*")
_APOSTROPHES = {ord(c): "'" for c in "’‘ʼ＇`´"}


def fold_space(text: str) -> str:
    """Return the text with invisible marks dropped and each run of white space as one space."""
    if not text.isascii():
        text = text.translate(_INVISIBLE)
    return _SPACE.sub(" ", text).strip()


def words(text: str) -> list[str]:
    """Return the words in normal form: NFKC, case folded, punctuation gone, an ideograph a word."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text.translate(_INVISIBLE)).translate(_APOSTROPHES)
    return _WORD.findall(text.casefold())


def word_spans(text: str) -> list[tuple[str, int, int]]:
    """Return each word in normal form with its character span [start, end) in `text`."""
    spaced = text.translate(_APOSTROPHES)
    return [(m[0].casefold(), m.start(), m.end()) for m in _WORD.finditer(spaced)]


def count_words(text: str) -> int:
    """Return the number of words; two ideographs or Thai letters count as one, as readers do."""
    found = words(text)
    single = sum(len(w) == 1 and not w.isascii() and bool(re.match(f"[{_IDEOGRAPHS}]", w)) for w in found)
    return len(found) - single + (single + 1) // 2


def normal_form(text: str) -> str:
    """Return the words joined by single spaces: equal for texts that differ in dress alone."""
    return " ".join(words(text))


def text_hash(text: str) -> int:
    """Return a signed 64-bit hash of the normal form (BLAKE2b, first 8 bytes, big-endian)."""
    return int.from_bytes(hashlib.blake2b(normal_form(text).encode(), digest_size=8).digest(), "big", signed=True)
