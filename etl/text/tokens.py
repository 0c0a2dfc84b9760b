"""Hashes of all words of many texts, without a Python step a word.

The texts' letters are joined, and a table tells for each code point whether it stands in a word. With c the mixed code
points, prefix[i] = sum of c[k] * B^k for k < i, modulo 2^64, the hash of the word [start, end) is a difference:

    mix((prefix[end] - prefix[start]) * B^-start)

Source: Karp and Rabin 1987, Efficient randomized pattern-matching algorithms; the mixing is MurmurHash3's finalizer.
Two given different words, or texts, have one hash with odds of about 2^-64: among a hundred million paragraphs the odds
of any such pair are 1 in 3,700. Nothing is keyed, so someone who wants two texts with one hash can construct them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import overload

import numpy as np
import numpy.typing as npt

from etl.text.words import IDEOGRAPHS, is_in_place, letters, marks, word_spans

U8 = npt.NDArray[np.uint8]
U64 = npt.NDArray[np.uint64]
I64 = npt.NDArray[np.int64]
Points = npt.NDArray[np.uint8] | npt.NDArray[np.uint32]

_BASE = 0xC6A4A7935BD1E995  # odd, so it has an inverse modulo 2^64
_SPREAD = np.uint64(0x9E3779B97F4A7C15)  # 2^64 over the golden ratio
_HALF, _FIRST_FACTOR, _SECOND_FACTOR = map(np.uint64, (33, 0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53))
_LETTER, _IDEOGRAPH = 1, 2
_APOSTROPHE = ord("'")
_ASCII, _BASIC, _CODE_POINTS = 0x80, 0x10000, 0x110000
_BLOCK = 1 << 16  # code points hashed in one sweep: what stays in the processor's cache


@dataclass(frozen=True, slots=True)
class Tokens:
    """The words of texts in reading order."""

    hashes: U64
    offsets: I64  # where each text's words begin, int64[texts + 1]
    ideographs: I64  # words of a single ideograph, by text


@dataclass(frozen=True, slots=True)
class Words(Sequence[str]):
    """Words of a text, each cut out when it is asked for: of most only the hash is."""

    text: str
    starts: I64
    ends: I64

    def __len__(self) -> int:
        return len(self.starts)

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> Words: ...
    def __getitem__(self, at: int | slice) -> str | Words:
        if isinstance(at, slice):
            return Words(self.text, self.starts[at], self.ends[at])
        return self.text[self.starts.item(at) : self.ends.item(at)]

    def __iter__(self) -> Iterator[str]:
        return map(self.text.__getitem__, map(slice, self.starts.tolist(), self.ends.tolist()))


@dataclass(frozen=True, slots=True)
class Spans:
    """The words of texts in reading order, and where they stand in the texts joined by one sign each."""

    words: Words
    hashes: U64
    starts: I64
    ends: I64
    offsets: I64  # where each text's words begin, int64[texts + 1]
    begins: I64  # where each text begins, int64[texts + 1]


def mix(x: U64) -> U64:
    """Return MurmurHash3's 64-bit finalizer of each number: a bijection that spreads every bit."""
    x = x ^ (x >> _HALF)
    x *= _FIRST_FACTOR
    x ^= x >> _HALF
    x *= _SECOND_FACTOR
    x ^= x >> _HALF
    return x


def tokenise(texts: Sequence[str]) -> Tokens:
    """Return the hash of each of `etl.text.words` of the texts: equal words have equal hashes, in every batch."""
    parts = [_tokens(block) for block in _blocks(texts)]
    if len(parts) == 1:
        return parts[0]
    counts = np.concatenate([np.zeros(1, np.int64), *(np.diff(p.offsets) for p in parts)])
    return Tokens(
        hashes=np.concatenate([np.zeros(0, np.uint64), *(p.hashes for p in parts)]),
        offsets=np.cumsum(counts),
        ideographs=np.concatenate([np.zeros(0, np.int64), *(p.ideographs for p in parts)]),
    )


def spans(texts: Sequence[str]) -> Spans:
    """Return `etl.text.word_spans` of the texts, as places in all of them joined by a sign each."""
    begins = np.cumsum([0, *(len(text) + 1 for text in texts)])
    moved: list[tuple[str, int]] = []
    plain = "\n".join(_in_place(text, at, moved) for text, at in zip(texts, begins.tolist(), strict=False))
    points = code_points(plain)
    kinds, numbers = _tables(points)
    kind = kinds[points]
    starts, ends = _bounds(kind, points, _ideographs(kind))
    words = Words(plain, starts, ends)
    hashes = _word_hashes(numbers[points], starts, ends)
    if moved:
        more, places = _spelled_out(moved)
        order = np.argsort(np.append(starts, places[:, 0]), kind="stable")
        lengths = np.array([len(word) for word in more], np.int64)
        behind = len(plain) + np.cumsum(lengths)  # these words are put behind the letters that are in place
        cut = np.append(starts, behind - lengths)[order], np.append(ends, behind)[order]
        words = Words(plain + "".join(more), cut[0], cut[1])
        hashes = np.append(hashes, _hashes(more))[order]
        starts, ends = np.append(starts, places[:, 0])[order], np.append(ends, places[:, 1])[order]
    return Spans(words, hashes, starts, ends, np.searchsorted(starts, begins), begins)


def _in_place(text: str, at: int, moved: list[tuple[str, int]]) -> str:
    """Return the letters of a text that begins at a place; lines whose letters move are left blank, and noted."""
    if is_in_place(text):
        return letters(text)
    if "\n" in text:
        lines = text.split("\n")
        begins = accumulate((len(line) + 1 for line in lines), initial=at)
        return "\n".join(_in_place(line, begin, moved) for line, begin in zip(lines, begins, strict=False))
    moved.append((text, at))
    return " " * len(text)


def _spelled_out(texts: Iterable[tuple[str, int]]) -> tuple[list[str], I64]:
    """Return the words of texts, with their starts and ends int64[words, 2], by what is known of each letter's place.

    texts  each with the place where it begins.
    """
    found = [(word, at + start, at + end) for text, at in texts for word, start, end in word_spans(text)]
    return [word for word, _, _ in found], np.array([place for _, *place in found], np.int64).reshape(-1, 2)


def _hashes(words: Sequence[str]) -> U64:
    """Return the hash of each word by itself; one that is several words once it is folded has that of a text."""
    tokens = tokenise(words)
    whole = np.array(text_hashes(tokens.hashes, tokens.offsets), np.int64).view(np.uint64)
    single = np.flatnonzero(np.diff(tokens.offsets) == 1)
    whole[single] = tokens.hashes[tokens.offsets[single]]
    return whole


def text_hashes(hashes: U64, offsets: I64) -> list[int]:
    """Return a signed 64-bit hash of the words of each text, equal for equal normal forms.

    A sum, of which each word's part depends on the word and its place: mix(number of words + sum of mix(hash + place)).
    """
    counts = offsets[1:] - offsets[:-1]
    places = np.arange(1, len(hashes) + 1) - offsets[:-1].repeat(counts)
    sums = np.zeros(len(hashes) + 1, np.uint64)
    mix(hashes + places.astype(np.uint64) * _SPREAD).cumsum(out=sums[1:])
    whole = mix(sums[offsets[1:]] - sums[offsets[:-1]] + counts.astype(np.uint64))
    found: list[int] = whole.view(np.int64).tolist()
    return found


def text_hash(text: str) -> int:
    """Return the hash of one text; see `text_hashes`."""
    return hashes_of([text])[0]


def hashes_of(texts: Sequence[str]) -> list[int]:
    """Return the hash of each text, in one sweep; see `text_hashes`."""
    tokens = tokenise(texts)
    return text_hashes(tokens.hashes, tokens.offsets)


def count_words(tokens: Tokens, offsets: I64 | None = None) -> list[int]:
    """Return `etl.text.count_words` of each text; two ideographs count as one word.

    offsets  indexes of texts that are counted as one, int64[counted + 1]
    """
    words, singles = np.diff(tokens.offsets), tokens.ideographs
    if offsets is not None:
        words, singles = (np.diff(np.append(0, np.cumsum(n))[offsets]) for n in (words, singles))
    counted: list[int] = (words - singles + (singles + 1) // 2).tolist()
    return counted


def _blocks(texts: Sequence[str]) -> Iterator[list[str]]:
    """Yield the letters of the texts, in lists of about _BLOCK code points."""
    block: list[str] = []
    size = 0
    for text in texts:
        plain = letters(text)
        block.append(plain)
        size += len(plain) + 1
        if size >= _BLOCK:
            yield block
            block, size = [], 0
    if block:
        yield block


def _tokens(block: Sequence[str]) -> Tokens:
    points = code_points("\n".join(block))
    kinds, numbers = _tables(points)
    kind = kinds[points]
    single = _ideographs(kind)
    starts, ends = _bounds(kind, points, single)
    begins = np.array([*accumulate((len(plain) + 1 for plain in block), initial=0)])
    return Tokens(
        hashes=_word_hashes(numbers[points], starts, ends),
        offsets=starts.searchsorted(begins),
        ideographs=np.diff(single.searchsorted(begins)) if len(single) else np.zeros(len(block), np.int64),
    )


# The methods of arrays below take half as long to call as the functions of their names, and most texts are short.


def _ideographs(kind: U8) -> I64:
    """Return where the ideographs stand."""
    single: I64 = (kind == _IDEOGRAPH).nonzero()[0]
    return single


def _word_hashes(numbers: U64, starts: I64, ends: I64) -> U64:
    """Return the hash of each word. numbers: what stands for each code point."""
    powers, inverses = _powers(len(numbers))
    prefix = np.zeros(len(numbers) + 1, np.uint64)
    (numbers * powers[: len(numbers)]).cumsum(out=prefix[1:])
    return mix((prefix[ends] - prefix[starts]) * inverses[starts])


def code_points(text: str) -> Points:
    if text.isascii():
        return np.frombuffer(text.encode("ascii"), np.uint8)
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")


def _bounds(kind: U8, points: Points, single: I64) -> tuple[I64, I64]:
    """Return where words start and end: runs of letters, with apostrophes between two letters; ideographs."""
    inside = np.zeros(len(kind) + 2, np.bool_)  # an empty place at both ends
    np.equal(kind, _LETTER, out=inside[1:-1])
    apostrophes = (points == _APOSTROPHE).nonzero()[0] + 1
    if len(apostrophes):
        inside[apostrophes[inside[apostrophes - 1] & inside[apostrophes + 1]]] = True
    turns = (inside[1:] != inside[:-1]).nonzero()[0]
    starts, ends = turns[0::2], turns[1::2]
    if len(single):
        starts, ends = np.sort(np.append(starts, single)), np.sort(np.append(ends, single + 1))
    return starts, ends


def _tables(points: Points) -> tuple[U8, U64]:
    """Return what each code point is in a word, and a number that stands for it: at least up to the highest of these.

    The whole table takes forty milliseconds to make. English needs its beginning alone, and most languages a sixteenth.
    """
    if points.dtype == np.uint8:
        return _tables_up_to(_ASCII)
    return _tables_up_to(_BASIC if points.max() < _BASIC else _CODE_POINTS)


@lru_cache(maxsize=3)
def _tables_up_to(end: int) -> tuple[U8, U64]:
    points = np.arange(end, dtype="<u4")
    every = points.tobytes().decode("utf-32-le", "surrogatepass")
    kinds = np.zeros(end, np.uint8)
    for kind, pattern in ((_LETTER, rf"[^\W_{IDEOGRAPHS}]+"), (_IDEOGRAPH, f"[{IDEOGRAPHS}]+")):
        for run in re.finditer(pattern, every):
            kinds[run.start() : run.end()] = kind
    for first, last in marks() if end > _ASCII else ():
        kinds[first : last + 1] = _LETTER
    return kinds, mix((points + np.uint64(1)) * _SPREAD)


@lru_cache(maxsize=1)
def _kept_powers() -> tuple[U64, U64]:
    return _powers_of(_BASE, 2 * _BLOCK), _powers_of(pow(_BASE, -1, 1 << 64), 2 * _BLOCK)


def _powers(count: int) -> tuple[U64, U64]:
    """Return at least `count` powers of the base and of its inverse; a block is longer only for a very long text."""
    if count <= 2 * _BLOCK:
        return _kept_powers()
    return _powers_of(_BASE, count), _powers_of(pow(_BASE, -1, 1 << 64), count)


def _powers_of(base: int, count: int) -> U64:
    factors = np.full(count, base, np.uint64)
    factors[0] = 1
    return np.multiply.accumulate(factors)
