"""Shingle hashes are a function of the words of one text."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from etl.fingerprint.shingles import shingle_hashes
from etl.text.tokens import tokenise

WORDS = st.lists(st.sampled_from(["ab", "c", "abc", "über", "新", "7"]), max_size=12)


def hashes(texts: list[list[str]], words: int) -> list[list[int]]:
    tokens = tokenise([" ".join(text) for text in texts])
    found, offsets = shingle_hashes(tokens.hashes, tokens.offsets, words)
    return [found[a:b].tolist() for a, b in pairwise(offsets)]


@given(st.lists(WORDS, max_size=6), st.integers(1, 6))
def test_a_text_has_one_hash_a_run_of_words_wherever_it_stands_in_the_batch(texts, words):
    for text, own in zip(texts, hashes(texts, words), strict=True):
        assert own == hashes([text], words)[0]
        assert len(own) == max(0, len(text) - words + 1)


@given(WORDS, WORDS, st.integers(1, 4))
def test_hashes_are_equal_exactly_where_the_words_are(left, right, words):
    def runs(text: list[str]) -> list[tuple[str, ...]]:
        return [tuple(text[i : i + words]) for i in range(len(text) - words + 1)]

    one, other = hashes([left, right], words)
    for run, value in zip(runs(left), one, strict=True):
        assert [run == r for r in runs(right)] == [value == v for v in other]


def test_where_a_word_ends_and_in_which_order_words_stand_matters():
    assert hashes([["ab", "c"]], 2) != hashes([["a", "bc"]], 2)
    assert hashes([["ab", "c"]], 2) != hashes([["c", "ab"]], 2)
