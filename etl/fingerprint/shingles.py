"""Hashes of word shingles for a whole batch of texts.

The hash of a shingle is mix(t[0] + t[1] * Q + t[2] * Q^2 + ...), modulo 2^64, with t the hashes of its words.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from etl.text.tokens import mix

U64 = npt.NDArray[np.uint64]
I64 = npt.NDArray[np.int64]

_STEP = 0x9FB21C651E98DF25  # Q: any large odd number


def shingle_hashes(tokens: U64, offsets: I64, words: int) -> tuple[U64, I64]:
    """Return the hashes of all runs of `words` words, and where each text's begin.

    tokens   hashes of the words of all texts, uint64[words]
    offsets  where each text's words begin, int64[texts + 1]
    returns  uint64[shingles] in reading order, int64[texts + 1]; a text of fewer words has none.
    """
    count = max(len(tokens) - words + 1, 0)
    sums = np.zeros(count, np.uint64)
    for k in range(words):
        sums += tokens[k : k + count] * np.uint64(pow(_STEP, k, 1 << 64))
    sizes = np.maximum(np.diff(offsets) - words + 1, 0)
    within = np.zeros(count + 1, np.int64)  # counts up where a text's shingles begin, down where they end
    full = np.flatnonzero(sizes)
    within[offsets[full]] += 1
    within[offsets[full] + sizes[full]] -= 1
    inside = np.cumsum(within[:-1]).astype(np.bool_)
    return mix(sums[inside]), np.append(0, np.cumsum(sizes))
