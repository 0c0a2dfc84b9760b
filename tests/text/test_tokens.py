"""Token hashes and `words` agree on what a word is, whatever the text."""

from itertools import pairwise

from hypothesis import example, given, settings
from hypothesis import strategies as st

from etl.text import count_words, text_hash, words
from etl.text.tokens import Tokens, hashes_of, text_hashes, tokenise
from etl.text.tokens import count_words as counts

# Letters of many scripts, marks that combine, joiners, ligatures, full-width forms, every apostrophe, ideographs.
NEWS = st.text(
    st.sampled_from("abAßİſﬁΣς'’ʼ＇`´-_.1²½Ⅷ日本ー・ｶﾞ한กิक्षिé\u0301\u00ad\u200b\u200d😀👩🏽 \n\x1e\x85"), max_size=40
)
TEXTS = st.lists(st.one_of(NEWS, st.text(max_size=30)), max_size=6)


def by_text(tokens: Tokens) -> list[list[int]]:
    return [tokens.hashes[first:after].tolist() for first, after in pairwise(tokens.offsets)]


@settings(max_examples=300, deadline=None)
@given(TEXTS)
@example(["rock'n'roll 'tis o''clock '' '", "’", "", "a'", "'b"])
@example(["日本'日", "a日'b", "ŉ ᾳ ǰ", "\ud800 lone\udfff"])
def test_equal_words_have_equal_hashes_and_others_have_not(texts):
    found = [word for text in texts for word in words(text)]
    hashes = [value for own in by_text(tokenise(texts)) for value in own]
    assert len(hashes) == len(found)
    assert len(set(zip(found, hashes, strict=True))) == len(set(found)) == len(set(hashes))


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_a_text_has_the_same_tokens_wherever_it_stands_in_a_batch(texts):
    tokens = tokenise(texts)
    assert by_text(tokens) == [by_text(tokenise([text]))[0] for text in texts]
    assert text_hashes(tokens.hashes, tokens.offsets) == [text_hash(text) for text in texts]
    assert counts(tokens) == [count_words(text) for text in texts]


def test_a_batch_of_several_blocks_is_one_batch():
    texts = [f"paragraph {i} " * 300 for i in range(40)] + ["long " * 60_000, "日" * 200_000, "last one"]
    tokens = tokenise(texts)
    assert by_text(tokens)[-1] == by_text(tokenise(["last one"]))[0]
    assert counts(tokens) == [count_words(text) for text in texts]


def test_every_code_point_is_a_letter_an_ideograph_or_neither_as_words_has_it():
    every = [chr(i) for i in range(0x110000)]
    found = counts(tokenise(every))
    assert [i for i, char in enumerate(every) if found[i] != bool(words(char)) and len(words(char)) < 2] == []


def test_a_text_hash_depends_on_each_word_and_its_place():
    texts = ["", "a", "a a", "a a a", "a b", "b a", "ab", "a b a b", "b a b a", "日本", "本日"]
    assert len({text_hash(text) for text in texts}) == len(texts)


def test_hashes_are_those_of_the_formula():
    """If this fails, text hashes have changed: then so must the name of the scheme's hash."""
    text, whole = "The harbour council’s 2nd vote", 2**64
    sums = sum(mixed(word_hash(w) + place * 0x9E3779B97F4A7C15) for place, w in enumerate(words(text), 1))
    expected = mixed((sums + len(words(text))) % whole)
    assert tokenise([text]).hashes.tolist() == [word_hash(w) for w in words(text)]
    assert text_hash(text) % whole == expected
    assert text_hash(text) == -145977405576739897


def word_hash(word: str) -> int:
    terms = (mixed((ord(c) + 1) * 0x9E3779B97F4A7C15) * 0xC6A4A7935BD1E995**k for k, c in enumerate(word))
    return mixed(sum(terms))


def mixed(x: int) -> int:
    x %= 2**64
    x = (x ^ x >> 33) * 0xFF51AFD7ED558CCD % 2**64
    x = (x ^ x >> 33) * 0xC4CEB9FE1A85EC53 % 2**64
    return x ^ x >> 33


def test_a_text_has_one_hash_whatever_it_is_hashed_with():
    plain, marked, far = "A ferry, and rock'n'roll", "Une île, 日本", "Smile 😀 𝒳 at sea"
    alone = [text_hash(text) for text in (plain, marked, far)]
    assert hashes_of([plain, marked, far]) == alone
    assert hashes_of([plain, marked]) == alone[:2]
