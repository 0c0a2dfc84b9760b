"""What matching reads in one body: its words, where they stand, and which of them are names, numbers, quoted."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from etl.text.tokens import Points, code_points, spans

_BLOCK = 1 << 16  # characters read in one sweep: what stays in the processor's cache
KEY_BYTES = 8
SHINGLE_WORDS = 3  # shortest run that counts; two equal words are mere language

# One quotation; its length is bounded because a page may open 100,000 and close none.
_QUOTED = re.compile(r'"[^"\n]{0,2000}"|“[^”\n]{0,2000}”|«[^»\n]{0,2000}»|„[^“”\n]{0,2000}[“”]|「[^」\n]{0,2000}」')
# A picture's caption is one short paragraph that ends with a credit in brackets.
_CREDIT = re.compile(r"\([^()\n]{3,60}\)[.]?(?=\n|\Z)")
_CAPTION_CHARS = 240  # in front of the credit
_SENTENCE_END = ".!?:;\"“”„«»'’‘()[]—–-\n"
_UPPER, _LOWER, _DIGIT, _END, _SPACE = 1, 2, 4, 8, 16  # what is known of a character, as bits
_CODE_POINTS = 0x20000  # letters with two cases, digits and signs; above are ideographs

_STEP = np.uint64(0x9FB21C651E98DF25)  # any large odd number

Hashes = npt.NDArray[np.uint64]
Truths = npt.NDArray[np.bool_]
Flags = npt.NDArray[np.uint8]
Places = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Reading:
    """One body, word by word. What is not said to be otherwise is as long as `words`.

    Marks are a byte a word, 1 or 0: counting and finding them in a stretch of bytes takes no array to be made.
    """

    words: Sequence[str]  # in normal form
    keys: bytes  # KEY_BYTES each, equal for equal words: their hashes, see `etl.text.tokens`
    starts: Places  # character spans [start, end) in the body
    ends: Places
    names: bytes  # marks: capital letter where the start of a sentence does not ask for one
    numbers: bytes  # marks: holds a digit
    told: bytes  # marks: the writer's own telling, neither inside quotation marks nor in a caption
    openings: Places  # first word of the word's paragraph
    paragraph_ends: list[int]  # first word behind each paragraph, to the last that has any
    shingles: Hashes  # of each run of SHINGLE_WORDS words, in reading order: a hash, equal for equal runs

    def has_word_of(self, other: Reading, at: int) -> bool:
        """Say whether the word at a place of another text stands anywhere in this one."""
        key = other.keys[at * KEY_BYTES : (at + 1) * KEY_BYTES]
        found = self.keys.find(key)
        while found > 0 and found % KEY_BYTES:
            found = self.keys.find(key, found + 1)
        return found >= 0

    def paragraph_words(self, paragraph: int) -> int:
        """Return how many words a paragraph has."""
        return self.paragraph_ends[paragraph] - (self.paragraph_ends[paragraph - 1] if paragraph else 0)


def read(body: str) -> Reading:
    """Return what matching needs to know of a body."""
    return read_all([body])[0]


def read_all(bodies: Sequence[str]) -> list[Reading]:
    """Return the readings of bodies; many at a time cost a third of what they cost one by one."""
    return [reading for block in _blocks(bodies) for reading in _read_block(block)]


def _blocks(bodies: Sequence[str]) -> Iterator[list[str]]:
    """Yield the bodies in lists of about _BLOCK characters."""
    block: list[str] = []
    chars = 0
    for body in bodies:
        block.append(body)
        chars += len(body)
        if chars >= _BLOCK:
            yield block
            block, chars = [], 0
    if block:
        yield block


def _read_block(bodies: Sequence[str]) -> list[Reading]:
    found, joined = spans(bodies), "\n".join(bodies)  # as `spans` joins them, and a paragraph ends there too
    starts, ends, offsets = found.starts, found.ends, found.offsets
    points = code_points(joined)
    flags = _flags(points).take(points, mode="clip")
    held = _held(flags, starts, ends)
    names, told = _names(flags, held, starts, ends, offsets).tobytes(), _told(joined, starts).tobytes()
    numbers = (held & _DIGIT > 0).tobytes()
    breaks = np.array([m.start() for m in re.finditer("\n", joined)], np.int64)
    lines = np.searchsorted(breaks, starts)  # line breaks in front of each word
    firsts = np.append(0, np.searchsorted(starts, breaks))  # words in front of each line
    openings = firsts[lines] - np.repeat(offsets[:-1], np.diff(offsets))
    first_lines = np.cumsum([0, *(body.count("\n") + 1 for body in bodies)])
    shingles, keys = _shingles(found.hashes), found.hashes.tobytes()
    return [
        Reading(
            found.words[a:b],
            keys[a * KEY_BYTES : b * KEY_BYTES],
            starts[a:b] - begin,
            ends[a:b] - begin,
            names[a:b],
            numbers[a:b],
            told[a:b],
            openings[a:b],
            # a body has one empty line between two paragraphs, and no other
            np.cumsum(np.bincount((lines[a:b] - line) // 2)).tolist(),
            shingles[a : max(a, b - SHINGLE_WORDS + 1)],
        )
        for (a, b), begin, line in zip(
            pairwise(offsets.tolist()), found.begins.tolist(), first_lines.tolist(), strict=False
        )
    ]


def _shingles(hashes: Hashes) -> Hashes:
    """Return a hash of each run of words, equal for equal runs; two that differ have one with odds of 2^-64."""
    count = max(len(hashes) - SHINGLE_WORDS + 1, 0)
    found = np.zeros(count, np.uint64)
    for k in range(SHINGLE_WORDS):
        found *= _STEP
        found += hashes[k : k + count]
    return found


def _flags(points: Points) -> Flags:
    """Return the bits of every code point, at least up to the highest of these: all of them take 25 ms to tell."""
    return _flags_up_to(min(1 << int(points.max(initial=0)).bit_length(), _CODE_POINTS))


@cache  # one for each power of two
def _flags_up_to(end: int) -> Flags:
    return np.array([_bits(chr(point)) for point in range(end)], np.uint8)


def _bits(char: str) -> int:
    cased = _UPPER if char.isupper() else _LOWER * (char.islower() or char.istitle())
    plain = unicodedata.is_normalized("NFKC", char)  # "½" is read as 1 and 2
    digit = char.isdigit() if plain else any(map(str.isdigit, unicodedata.normalize("NFKC", char)))
    return cased | _DIGIT * digit | _END * (char in _SENTENCE_END) | _SPACE * (char == " ")


def _held(flags: Flags, starts: Places, ends: Places) -> Flags:
    """Return the bits that any character of each span has."""
    if not len(starts):
        return np.zeros(0, np.uint8)
    bounds = np.stack((starts, ends), axis=1).ravel()
    held: Flags = np.bitwise_or.reduceat(np.append(flags, np.uint8(0)), bounds)[::2]
    return held


def _names(flags: Flags, held: Flags, starts: Places, ends: Places, offsets: Places) -> Truths:
    """Return which words are written like names; at the start of a sentence the next word must be so too.

    Long words in capitals are not: datelines and headings are written like that.
    """
    capital = (flags[starts] & _UPPER > 0) & ((ends - starts < 4) | (held & _LOWER > 0))
    following = np.append(capital, False)[1:]
    following[offsets[1:][offsets[1:] > 0] - 1] = False  # not the first word of the next text
    named: Truths = capital & (following | ~_opens(flags, starts))
    return named


def _opens(flags: Flags, starts: Places) -> Truths:
    """Say which words begin a sentence, by the mark in front of them; two spaces may stand between."""
    padded = np.append(np.full(3, _SPACE, np.uint8), flags)
    near, middle, far = (padded[starts + at] for at in (2, 1, 0))
    distant = (middle & _END > 0) | ((middle & _SPACE > 0) & (far & (_END | _SPACE) > 0))
    found: Truths = (near & _END > 0) | ((near & _SPACE > 0) & distant)
    return found


def _told(body: str, starts: Places) -> Truths:
    """Return which words stand outside quotation marks and captions."""
    told = np.ones(len(starts), np.bool_)
    untold = [*(found.span() for found in _QUOTED.finditer(body)), *_captions(body)]
    for first, after in np.searchsorted(starts, np.array(untold, np.int64).reshape(-1, 2)).tolist():
        told[first:after] = False
    return told


def _captions(body: str) -> Iterator[tuple[int, int]]:
    for credit in _CREDIT.finditer(body):
        begin = body.rfind("\n", 0, credit.start()) + 1
        if credit.start() - begin <= _CAPTION_CHARS:
            yield begin, credit.end()
