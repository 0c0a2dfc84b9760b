"""Stored signatures as real `datasketch.MinHash` objects, for those who want datasketch's own indexes and methods."""

from __future__ import annotations

import numpy as np
from datasketch import MinHash

from etl.fingerprint.scheme import SCHEME
from etl.fingerprint.signature import permutations
from etl.records import Fingerprint

_PERMUTATIONS = permutations(SCHEME.permutations, SCHEME.seed)  # drawn once, not once an object


def minhash(source: Fingerprint | bytes) -> MinHash:
    """Return a signature as datasketch's object.

    raises  ValueError for a text too short to shingle (two empty MinHashes would have similarity 1) and for a
            signature of another scheme.
    """
    if isinstance(source, Fingerprint) and source.scheme != SCHEME.name:
        raise ValueError(f"a signature of scheme {source.scheme}, not of {SCHEME.name}")
    signature = source.signature if isinstance(source, Fingerprint) else source
    if not signature:
        raise ValueError("no signature: the text is too short to shingle")
    values = np.frombuffer(signature, "<u4").astype(np.uint32)
    if len(values) != SCHEME.permutations:
        raise ValueError(f"a signature of {len(values)} permutations, not of {SCHEME.permutations}")
    return MinHash(seed=SCHEME.seed, hashvalues=values, permutations=_PERMUTATIONS, scheme=SCHEME.family)
