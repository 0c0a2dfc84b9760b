from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from etl.strip.phrases import Index
from etl.strip.reading import read
from etl.text import count_words, normal_form, words

SCRIPTS = st.text(st.sampled_from("aZé9 '’.-_и東京カ가กข\u00ad\u0301ﬁ²"), max_size=60)


@given(SCRIPTS | st.text(max_size=60))
@example("東京で3人 met in Tokyo")
@example("x" * 5_000)
def test_a_reading_says_what_the_ground_says_of_the_text(text):
    reading = read(text)
    assert reading.words == tuple(words(text))
    assert reading.normal == normal_form(text)
    assert reading.count == count_words(text)


WORDS = st.sampled_from("abc")
PHRASES = st.sets(st.lists(WORDS, min_size=1, max_size=4).map(tuple), max_size=12)


@given(PHRASES, st.lists(WORDS, min_size=1, max_size=8).map(tuple))
def test_an_index_finds_every_phrase_that_stands_there_and_no_other(phrases, line):
    index = Index((phrase, "share", "whole") for phrase in phrases)
    for start in range(len(line)):
        standing = sorted(p for p in phrases if line[start : start + len(p)] == p)
        assert [phrase for phrase, _, _ in index.at(line, start)] == standing


@given(PHRASES, st.lists(WORDS, min_size=1, max_size=8).map(tuple))
def test_an_index_finds_phrases_anywhere_in_a_line_in_its_order(phrases, line):
    index = Index((phrase, "share", "holds") for phrase in phrases)
    standing = [row for start in range(len(line)) for row in index.at(line, start)]
    assert list(index.anywhere(line)) == standing
