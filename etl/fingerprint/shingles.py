"""Hashes of word shingles for a whole batch of texts, without a Python step a word.

A text in normal form is its words joined by single spaces, so a shingle is a stretch of that text, and its hash is a
difference of two prefix sums: with c the mixed code points, prefix[i] = sum of c[k] * B^k for k < i, modulo 2^64,

    hash of [start, end) = mix((prefix[end] - prefix[start]) * B^-start).

Source: Karp and Rabin 1987, Efficient randomized pattern-matching algorithms; the mixing is MurmurHash3's finalizer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

U64 = npt.NDArray[np.uint64]
I64 = npt.NDArray[np.int64]

BASE = 0xC6A4A7935BD1E995  # odd, so it has an inverse modulo 2^64
_BASE_INVERSE = pow(BASE, -1, 1 << 64)
_SPREAD = np.uint64(0x9E3779B97F4A7C15)  # 2^64 over the golden ratio
_SPACE = ord(" ")
_SIZE_CACHED = 1 << 20  # code points; powers for longer batches are made anew


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the words of a batch stand in its code points."""

    starts: I64  # of each word
    ends: I64
    owners: I64  # index of each word's text
    prefix: U64  # one more than code points
    inverses: U64  # B^-k
    texts: int


def mix(x: U64) -> U64:
    """Return MurmurHash3's 64-bit finalizer of each number: a bijection that spreads every bit."""
    x = (x ^ (x >> np.uint64(33))) * np.uint64(0xFF51AFD7ED558CCD)
    x = (x ^ (x >> np.uint64(33))) * np.uint64(0xC4CEB9FE1A85EC53)
    return x ^ (x >> np.uint64(33))


def _powers(base: int, count: int) -> U64:
    factors = np.full(count, base, np.uint64)
    factors[:1] = 1
    return np.multiply.accumulate(factors)


@lru_cache(maxsize=1)
def _cached_powers() -> tuple[U64, U64]:
    return _powers(BASE, _SIZE_CACHED), _powers(_BASE_INVERSE, _SIZE_CACHED)


def lay_out(normal_forms: Sequence[str]) -> Layout:
    """Return the words of texts in normal form, ready to be hashed."""
    filled = [i for i, text in enumerate(normal_forms) if text]
    joined = " ".join(normal_forms[i] for i in filled)
    points = np.frombuffer(joined.encode("utf-32-le"), dtype="<u4")
    size = len(points)
    spaces = np.flatnonzero(points == _SPACE)
    counts = [normal_forms[i].count(" ") + 1 for i in filled]
    powers, inverses = _cached_powers() if size <= _SIZE_CACHED else (_powers(BASE, size), _powers(_BASE_INVERSE, size))
    prefix = np.zeros(size + 1, np.uint64)
    np.cumsum(mix((points + np.uint64(1)) * _SPREAD) * powers[:size], out=prefix[1:])
    return Layout(
        starts=np.concatenate([[0], spaces + 1]) if filled else np.zeros(0, np.int64),
        ends=np.concatenate([spaces, [size]]) if filled else np.zeros(0, np.int64),
        owners=np.repeat(np.array(filled, np.int64), counts),
        prefix=prefix,
        inverses=inverses,
        texts=len(normal_forms),
    )


def shingle_hashes(layout: Layout, words: int) -> tuple[U64, I64]:
    """Return the hashes of all runs of `words` words, and where each text's begin.

    returns  uint64[shingles] in reading order, int64[texts + 1]; a text of fewer words has none.
    """
    last = words - 1
    count = max(len(layout.starts) - last, 0)
    owners = layout.owners[:count]
    inside = np.flatnonzero(owners == layout.owners[last : last + count])
    starts, ends = layout.starts[inside], layout.ends[inside + last]
    hashes = mix((layout.prefix[ends] - layout.prefix[starts]) * layout.inverses[starts])
    offsets = np.searchsorted(owners[inside], np.arange(layout.texts + 1))
    return hashes, offsets.astype(np.int64)
