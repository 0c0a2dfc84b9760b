"""Class names: how they are cut, and that remembering changes no answer."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from etl.records import Element
from etl.strip.classes import families
from etl.strip.element_names import Remembered, lowered

PIECES = ["articleBody", "nav", "-", "_", " ", "\n", "Menu", "share", "é", "x7B"]
NAMES = st.lists(st.sampled_from(PIECES), max_size=5).map("".join)


@given(st.lists(NAMES, max_size=8))
def test_names_are_lowered_together_as_each_is_alone(names):
    assert lowered(names) == [alone for each in names for alone in lowered([each])]


def test_a_capital_inside_a_word_begins_another():
    assert lowered(["articleBody HTMLText h2Top", "a\nB"]) == ["article-body htmltext h2-top", "a b"]


def test_what_was_answered_is_not_asked_again():
    asked: list[str] = []

    def answers(new):
        asked.extend(new)
        return [len(each) for each in new]

    remembered = Remembered(answers)
    assert remembered.of(["nav", "menu", "nav"]) == [3, 4, 3]
    assert remembered.of(["menu", "share"]) == [4, 5]
    assert asked == ["nav", "menu", "share"]


def test_families_by_tag_by_pairs_inside_a_name_and_by_the_story():
    elements = (
        Element(-1, "nav", "x"),
        Element(0, "div", "site-header"),
        Element(0, "div", "site header"),
        Element(0, "div", "storyBody related"),
        Element(0, "main", "related"),
        Element(0, "div", "", "search"),
        Element(0, "div", "relatedStories"),
    )
    assert families(elements) == ["navigation", "navigation", None, None, None, "navigation", "related"]
