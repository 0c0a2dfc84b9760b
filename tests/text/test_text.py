import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.text import count_words, fold_space, normal_form, text_hash, word_spans, words

# What news holds: letters of many scripts, quotes, dashes, ligatures, full-width forms, fractions, soft hyphens.
NEWS = st.text(
    st.sampled_from("abcÉéßñЖжїΩabc 日本ー12½ﬁＡ’‘'\"“”–—-.,!?\u00a0\u00ad\u200b\u0301²中文กิهَـשָׁ"), max_size=60
)


@given(NEWS)
def test_spans_name_the_same_words_and_stand_in_order(text):
    spans = word_spans(text)
    assert [word for word, _, _ in spans] == words(text)
    assert all(0 <= start < end <= len(text) for _, start, end in spans)
    assert all(a[1] <= b[1] and a[2] <= b[2] for a, b in itertools.pairwise(spans))


@given(NEWS)
def test_folding_white_space_changes_no_word(text):
    assert words(fold_space(text)) == words(text)
    assert fold_space(fold_space(text)) == fold_space(text)


def test_white_space_folds_and_invisible_marks_go_wherever_they_stand():
    for character in map(chr, range(0x110000)):
        if character.isspace():
            assert fold_space(f"{character}a{character}b{character} ") == "a b"
        elif not character.isprintable():
            kept = "" if character in "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff" else character
            assert fold_space(f" a{character}b  c") == f"a{kept}b c"


@given(NEWS)
def test_the_normal_form_is_its_own_normal_form(text):
    assert normal_form(normal_form(text)) == normal_form(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ukraine’s  side", "ukraine's side"),
        ("“Quoted” – text.", '"Quoted" - text'),
        ("co\u00adoperate", "cooperate"),
        ("ﬁre", "fire"),
        ("STRASSE", "straße"),
        ("ذَهَبَ مُحَمَّدٌ إلى المـدينة", "ذهب محمد إلى المدينة"),
        ("שָׁלוֹם עוֹלָם", "שלום עולם"),
        ("e\u0301tude", "étude"),
    ],
)
def test_texts_in_another_dress_have_one_hash(one, other):
    assert text_hash(one) == text_hash(other)


@pytest.mark.parametrize(("one", "other"), [("it is 40", "it is 41"), ("a b", "ab"), ("日本", "本日")])
def test_other_words_have_another_hash(one, other):
    assert text_hash(one) != text_hash(other)


@pytest.mark.parametrize("sentence", ["हिन्दी में समाचार", "கனமழை எச்சரிக்கை", "ข่าววันนี้ ฝนตก"])
def test_vowel_signs_stand_inside_words(sentence):
    assert words(f"«{sentence}» ❤\ufe0f") == sentence.split()


def test_two_ideographs_count_as_a_word():
    assert count_words("東京で地震") == 3
    assert count_words("Tokyo 東京") == 2
    assert count_words("") == 0


@given(st.text("aZ09é'’“”«–•_-. "))
def test_signs_around_a_word_change_no_word(text):
    assert words(f"{text} é") == [*words(text), "é"]
    assert words(text.translate(dict.fromkeys(map(ord, "“”«–•"), " "))) == words(text)


@pytest.mark.parametrize("length", range(8))
def test_an_apostrophe_is_part_of_a_word_between_two_letters(length):
    for text in map("".join, itertools.product("a' ", repeat=length)):
        assert words(text) == re.findall(r"a+(?:'a+)*", text)
