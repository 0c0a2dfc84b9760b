"""Signatures are datasketch's, bit for bit, and estimate what they say."""

from itertools import accumulate

import numpy as np
import pytest
from datasketch import MinHash
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.fingerprint.scheme import SCHEME
from etl.fingerprint.signature import jaccard, sign, signatures, sketches

HASHES = st.lists(st.integers(0, 2**32 - 1), min_size=1, max_size=60)


def datasketch_values(hashes: list[int], permutations: int, seed: int) -> np.ndarray:
    made = MinHash(num_perm=permutations, seed=seed, scheme="affine32", hashfunc=int)
    made.update_batch(hashes)
    return made.hashvalues


@settings(max_examples=60, deadline=None)
@given(st.lists(HASHES, min_size=1, max_size=5), st.sampled_from([16, 128]), st.integers(0, 1000))
def test_signatures_are_bit_identical_to_datasketch(texts, permutations, seed):
    offsets = np.cumsum([0, *map(len, texts)])
    ours = signatures(np.array([h for t in texts for h in t], np.uint32), offsets, permutations, seed)
    for row, text in zip(ours, texts, strict=True):
        assert row.tolist() == datasketch_values(text, permutations, seed).tolist()


def test_texts_longer_than_one_sweep_are_signed_alike():
    draw = np.random.default_rng(3)
    sizes = [40, 30_000, 12_000, 1, 25_000]
    hashes = draw.integers(0, 2**32, sum(sizes), dtype=np.uint32)
    offsets = np.cumsum([0, *sizes])
    ours = signatures(hashes, offsets, 128, 1)
    for i in range(len(sizes)):
        assert ours[i].tolist() == datasketch_values(hashes[offsets[i] : offsets[i + 1]].tolist(), 128, 1).tolist()


def test_a_text_without_shingles_has_no_signature():
    signed = sign(np.array([1, 2, 3], np.uint64), np.array([0, 0, 2, 2, 3, 3]))
    assert [s is None for s in signed] == [True, False, True, False, True]
    assert signed[1] == signatures(np.array([1, 2], np.uint32), np.array([0, 2]), 128, SCHEME.seed).tobytes()


@pytest.mark.parametrize("share", [0.0, 0.2, 0.5, 0.8, 1.0])
def test_the_estimate_is_near_the_true_share(share):
    draw = np.random.default_rng(int(share * 10))
    errors = []
    for _ in range(20):
        pool = draw.integers(0, 2**64, 3000, dtype=np.uint64)
        common = int(2 * 1000 * share / (1 + share))  # of 1,000 in each, so that the Jaccard similarity is `share`
        left, right = pool[:1000], np.concatenate([pool[:common], pool[1000 : 2000 - common]])
        a, b = sign(np.concatenate([left, right]), np.array([0, 1000, 2000]))
        assert a is not None
        assert b is not None
        errors.append(jaccard(a, b) - share)
    assert max(map(abs, errors)) < 0.18  # four standard errors of 128 permutations
    assert abs(sum(errors) / len(errors)) < 0.04


def test_signatures_of_other_sizes_are_not_compared():
    with pytest.raises(ValueError, match="cannot be compared"):
        jaccard(b"\0" * 512, b"\0" * 1024)
    with pytest.raises(ValueError, match="cannot be compared"):
        jaccard(b"", b"")


@given(st.lists(st.lists(st.integers(0, 2**64 - 1), max_size=200), max_size=3), st.integers(1, 16), st.integers(0, 90))
def test_a_sketch_holds_the_smallest_distinct_hashes_those_of_the_opening_halved(texts, size, opening):
    hashes = np.array([h for text in texts for h in text], np.uint64)
    offsets = np.array([0, *accumulate(map(len, texts))])
    for text, made in zip(texts, sketches(hashes, offsets, size, opening), strict=True):
        halved = {h: h // 2 if h in text[:opening] else h for h in text}
        # two hashes may be one when halved; which of them comes first then is of no account
        assert sorted(halved[h % 2**64] for h in made) == sorted(halved.values())[:size]
        assert list(made) == sorted(set(made))


def test_a_sketch_sees_past_repeats():
    repeated = np.array([5] * 5000 + [7, 9, 11], np.uint64)
    assert sketches(repeated, np.array([0, 5003]), 3, 0) == [(5, 7, 9)]


def test_a_cut_text_shares_more_of_its_sketch_where_the_opening_is_preferred():
    """A story of 500 words and its first 90: 16 keys each."""
    hashes = np.random.default_rng(1).integers(0, 2**63, 500 * 200, dtype=np.int64).astype(np.uint64).reshape(200, 500)

    def shared(opening: int) -> int:
        whole, cut = (
            sketches(part.ravel(), np.arange(201) * part.shape[1], 16, opening) for part in (hashes, hashes[:, :90])
        )
        return sum(len({*a} & {*b}) for a, b in zip(whole, cut, strict=True))

    assert shared(64) > 1.4 * shared(0) > 0
