"""Shingle hashes are a function of the words of one text."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from etl.fingerprint.shingles import lay_out, shingle_hashes

FORMS = st.lists(st.sampled_from(["ab", "c", "abc", "über", "新", "7"]), max_size=12).map(" ".join)


def hashes(forms: list[str], words: int) -> list[list[int]]:
    found, offsets = shingle_hashes(lay_out(forms), words)
    return [found[a:b].tolist() for a, b in pairwise(offsets)]


@given(st.lists(FORMS, max_size=6), st.integers(1, 6))
def test_a_text_has_one_hash_a_run_of_words_wherever_it_stands_in_the_batch(forms, words):
    for form, own in zip(forms, hashes(forms, words), strict=True):
        assert own == hashes([form], words)[0]
        assert len(own) == max(0, len(form.split()) - words + 1)


@given(FORMS, FORMS, st.integers(1, 4))
def test_hashes_are_equal_exactly_where_the_words_are(left, right, words):
    def runs(form: str) -> list[tuple[str, ...]]:
        found = form.split()
        return [tuple(found[i : i + words]) for i in range(len(found) - words + 1)]

    one, other = hashes([left, right], words)
    for run, value in zip(runs(left), one, strict=True):
        assert [run == r for r in runs(right)] == [value == v for v in other]


def test_where_a_word_ends_matters():
    assert hashes(["ab c"], 2) != hashes(["a bc"], 2)


def test_a_batch_longer_than_the_kept_powers_hashes_the_same():
    long = " ".join(f"word{i}" for i in range(150_000))
    assert hashes([long, "a b c"], 3)[1] == hashes(["a b c"], 3)[0]
