"""Paragraphs that correspond: equal, edited, cut in two, moved; and none where nothing is shared."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from etl.match.paragraphs import MOST_PAIRS, NEAR, paragraph_pairs, turned
from etl.match.reading import read
from etl.match.runs import share
from etl.records import ParagraphPair
from etl.text import normal_form, text_hash, words

QUAY = "The harbour office will close the eastern quay for nine weeks while divers replace the oldest of its piles."
MILL = "A mill that had stood empty since the flood was sold on Friday to two brothers who mean to grind rye again."
CHOIR = "The choir of the upper school sang in the station hall, and three trains left late because of it."
OTHER = "Nobody has yet explained why the lighthouse keeper ordered forty metres of green curtain."


def pairs(left: list[str], right: list[str]) -> list[ParagraphPair]:
    one, other = read("\n\n".join(left)), read("\n\n".join(right))
    runs = share(one, other).runs
    return paragraph_pairs(runs, one, other, [text_hash(p) for p in left], [text_hash(p) for p in right])


def places(left: list[str], right: list[str]) -> list[tuple[int, int]]:
    return [(p.left, p.right) for p in pairs(left, right)]


def test_equal_paragraphs_are_found_wherever_they_stand():
    assert pairs([QUAY, MILL, CHOIR], [CHOIR.upper(), OTHER, QUAY]) == [
        ParagraphPair(0, 2, 1.0),
        ParagraphPair(2, 0, 1.0),
    ]


def test_an_edited_paragraph_is_near_and_less_than_equal():
    [found] = pairs([QUAY, OTHER], [MILL, QUAY.replace("nine", "eleven")])
    assert (found.left, found.right) == (0, 1)
    assert NEAR <= found.similarity < 1


def test_a_paragraph_cut_in_two_has_both_halves():
    assert places([f"{QUAY} {CHOIR}"], [QUAY, CHOIR]) == [(0, 0), (0, 1)]
    assert places([MILL, QUAY, CHOIR], [MILL, f"{QUAY} {CHOIR}"]) == [(0, 0), (1, 1), (2, 1)]


def test_what_shares_a_phrase_is_not_near():
    assert pairs([QUAY], ["The harbour office will close " + OTHER]) == []
    assert pairs([MILL], [OTHER]) == []


def test_the_second_of_two_equal_ones_goes_with_the_second():
    assert places([QUAY, MILL, QUAY], [QUAY, QUAY, QUAY]) == [(0, 0), (2, 1)]


def test_a_run_that_the_other_text_has_once_counts_once():
    again = "again and again and again"
    assert all(p.similarity < 1 for p in pairs([f"{again} {again}"], [f"{again} the lamp"]))


def test_a_paragraph_without_a_word_has_no_counterpart():
    assert pairs(["***", QUAY], [QUAY, "***"]) == [ParagraphPair(1, 0, 1.0)]


def test_there_is_an_end_to_it():
    assert len(pairs([QUAY] * 5000, [QUAY] * 4000)) == MOST_PAIRS


PARAGRAPHS = st.lists(
    st.sampled_from(["the", "quay", "mill", "choir", "was", "sold", "late", "in", "1931", "again"]),
    min_size=1,
    max_size=12,
)
BODIES = st.lists(PARAGRAPHS.map(" ".join) | st.sampled_from([QUAY, MILL, CHOIR]), min_size=1, max_size=6)


@settings(max_examples=200, deadline=None)
@given(BODIES, BODIES)
def test_one_is_equal_and_every_share_is_one_of_words(left, right):
    found = pairs(left, right)
    assert all(a.left < b.left or (a.left == b.left and a.right < b.right) for a, b in pairwise(found))
    for pair in found:
        assert NEAR <= pair.similarity <= 1
        assert (pair.similarity == 1) == (normal_form(left[pair.left]) == normal_form(right[pair.right]))
        one, other = words(left[pair.left]), words(right[pair.right])
        assert pair.similarity <= min(len(one), len(other)) / max(len(one), len(other)) + 0.001
    equal = {normal_form(p) for p in left} & {normal_form(p) for p in right}
    assert {normal_form(left[p.left]) for p in found if p.similarity == 1} == equal


@settings(max_examples=100, deadline=None)
@given(BODIES, BODIES)
def test_turned_twice_is_as_it_was(left, right):
    found = pairs(left, right)
    assert turned(turned(found)) == found
