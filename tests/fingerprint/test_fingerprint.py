"""Articles in, fingerprints out."""

from dataclasses import fields, replace

import pytest
from datasketch import MinHash
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.fingerprint import SCHEME, fingerprint, jaccard
from etl.fingerprint.minhash import minhash
from etl.fingerprint.scheme import named
from etl.records import CleanArticle, Metadata, Paragraph
from etl.text import count_words, text_hash, words

TEXTS = st.text(st.sampled_from("ab É’'-1 .\u00ad新聞ﬁßİ😀\u0301 "), max_size=80)
STORY = (
    "The harbour council voted on Tuesday to keep the old ferry running until the new bridge opens.",
    "Passengers had feared a winter without a crossing, and some had already bought season tickets.",
)


def article(*paragraphs: str) -> CleanArticle:
    kept = tuple(Paragraph(i, "text", text) for i, text in enumerate(paragraphs))
    return CleanArticle("file:///a", "a", Metadata(), kept, (), "1")


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(TEXTS, min_size=1, max_size=3), max_size=5))
def test_hashes_and_counts_are_those_of_text(batch):
    for paragraphs, made in zip(batch, fingerprint([article(*p) for p in batch]), strict=True):
        body = "\n\n".join(paragraphs)
        assert made.paragraph_hashes == tuple(map(text_hash, paragraphs))
        assert made.text_hash == text_hash(body)
        assert made.word_count == count_words(body)
        assert made.paragraph_words == tuple(map(count_words, paragraphs))
        assert (made.signature is None) == (len(words(body)) < SCHEME.shingle_words)
        assert bool(made.sketch) == (made.signature is not None)
        assert made == fingerprint([article(*paragraphs)])[0]


def test_typesetting_does_not_change_a_fingerprint():
    plain, dressed = fingerprint(
        [article("It's the mayor's \"last\" word, she said."), article("IT’S the  mayor’s “last” word she said")]
    )
    assert plain == dressed


def test_where_paragraphs_break_changes_what_is_known_of_them_alone():
    apart, together = fingerprint([article(*STORY), article(" ".join(STORY))])
    assert apart.paragraph_hashes != together.paragraph_hashes
    alike = [replace(one, paragraph_hashes=(), paragraph_words=()) for one in (apart, together)]
    assert alike[0] == alike[1]


@pytest.mark.parametrize("text", ["", "word", "two words", "one two three four", "😀 😀 😀 😀 😀 😀", "... --- ..."])
def test_a_text_too_short_to_shingle_has_no_signature_and_no_sketch(text):
    made = fingerprint([article(text)])[0]
    assert made.signature is None
    assert made.sketch == ()
    with pytest.raises(ValueError, match="too short"):
        minhash(made)


@pytest.mark.parametrize("text", ["12345 " * 9, "新聞は毎日届く。" * 3, " ".join(["word"] * 6)])
def test_digits_ideographs_and_repeats_are_words_like_others(text):
    made = fingerprint([article(text)])[0]
    assert made.signature is not None
    assert len(made.signature) == 4 * SCHEME.permutations
    assert 1 <= len(made.sketch) <= SCHEME.sketch_size


def test_a_signature_is_a_real_datasketch_object_that_gives_the_same_estimate():
    left, right = fingerprint([article(*STORY), article(STORY[0], "The bridge itself is two years late.")])
    one, other = minhash(left), minhash(right.signature)
    assert isinstance(one, MinHash)
    assert one.jaccard(other) == jaccard(left.signature, right.signature)
    assert (one.scheme, one.seed, len(one)) == (SCHEME.family, SCHEME.seed, SCHEME.permutations)
    one.update(b"more")  # an object that lives on, not a read-only view


def test_a_signature_of_another_scheme_is_refused():
    made = fingerprint([article(*STORY)])[0]
    with pytest.raises(ValueError, match="of scheme other"):
        minhash(replace(made, scheme="other"))
    with pytest.raises(ValueError, match="64 permutations"):
        minhash(b"\0" * 256)


def test_every_parameter_stands_in_the_name():
    for field in fields(SCHEME):
        if field.name == "name":
            continue
        value = getattr(SCHEME, field.name)
        changed = named(replace(SCHEME, **{field.name: value + 1 if isinstance(value, int) else value + "x"}))
        assert changed.name != SCHEME.name, field.name


def test_a_name_stands_for_these_values():
    """If this fails, fingerprints have changed: then so must the scheme's rule version or hash."""
    assert SCHEME.name == "minhash128-affine32-seed1-token64-word5-bottom15word4open64-words2"
    made = fingerprint([article(*STORY)])[0]
    assert made.text_hash == GOLDEN_TEXT_HASH
    assert made.sketch[:2] == GOLDEN_SKETCH
    assert made.signature[:8].hex() == GOLDEN_SIGNATURE


GOLDEN_TEXT_HASH = -7274316249150574672
GOLDEN_SKETCH = (-8677395493963188075, -7978876549725119876)
GOLDEN_SIGNATURE = "24d73d0d752a6f08"


@pytest.mark.parametrize("paragraphs", [["The same few words again and again."] * 100_000, ["word " * 400_000]])
def test_huge_repetitive_texts_are_fingerprinted(paragraphs):
    made = fingerprint([article(*paragraphs)])[0]
    assert made.signature is not None
    assert len(made.paragraph_hashes) == len(paragraphs)
