"""The learned choice of lines: hard on raw dumps, light on texts that are nearly clean, and always with a reason."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.records import Block, Element, KnownParagraphs
from etl.strip.facts import lines_of
from etl.strip.learned.decide import best_cut
from etl.strip.lines.decide import kept, told
from etl.strip.lines.features import groups
from etl.strip.lines.model import load
from etl.strip.lines.sheet import sheet
from etl.strip.page import survey

MENU = """Westmere Post|Start page|Town hall|Harbour|Villages|Letters to us|Crossword|Recipes|Ferry times|Tide table|Births
|Marriages|Flats to let|Boats for sale|Our shop|Calendar|Cinema|Theatre|Youth|Pensioners|Games|My page|Help|Shipping
""".replace("\n", "").split("|")
STORY = [
    "The harbour of Westmere will stay closed until the new sea wall is finished, the town council decided on Monday.",
    "Fishermen have asked for another place to land their catch while the work goes on at the old pier, which was built",
    "in 1911",
    "and has not been mended since.",
    "“We cannot wait until the autumn,” said Jo Alder, who owns two of the nine boats. “The fish will not wait either.”",
    "The council will meet again in two weeks to hear what the engineers have found under the water near the quay.",
    "Until then the boats may use the basin of Cray, where the fee is four crowns a day and the crane is out of order.",
]
TAIL = [
    "Old mill burns",
    "Cat on the roof",
    "Six new buses",
    "Who pays?",
    "Map",
    "Team",
    "Jobs",
    "Imprint",
    "To the app",
]


def page_of(parse_text, lines):
    return survey(parse_text("\n".join(lines)), KnownParagraphs())


def test_the_story_is_found_in_a_raw_dump(parse_text, clean_text):
    article = clean_text("\n".join([*MENU, *STORY, *TAIL]))
    assert [p.text for p in article.paragraphs if p.text not in STORY] == []
    assert article.body.split("\n\n") == STORY


def test_every_line_left_out_has_its_probability_and_reasons(parse_text):
    page = page_of(parse_text, [*MENU, *STORY, *TAIL])
    outside = [x.index for x in page.lines if x.index not in page.choice.body]
    said = page.choice.why(outside)
    assert outside
    assert list(said) == outside
    assert all(" % story: " in why for why in said.values())


@pytest.mark.parametrize("lines", [STORY, [*STORY, "By Jo Alder", "Share", "Print"], ["One line."], MENU[:10]])
def test_a_short_or_clean_text_is_left_to_the_rules(parse_text, lines):
    page = page_of(parse_text, lines)
    assert page.choice.body == {x.index for x in page.lines}


def test_a_doubtful_choice_is_not_believed():
    words, probability = np.full(40, 5.0), np.full(40, 0.5)
    assert kept(words, probability, np.ones(40, np.bool_), np.zeros(40, np.bool_)).all()


def test_subheadings_between_sure_lines_stay_in_a_nearly_clean_text():
    probability = np.array([0.1] * 2 + ([0.95] * 9 + [0.2]) * 4 + [0.95] + [0.05] * 3)
    words = np.where(probability > 0.5, 40.0, 3.0)
    keep = kept(words, probability, np.ones(len(words), np.bool_), words > 10)
    assert keep.tolist() == [False] * 2 + [True] * 41 + [False] * 3


def test_a_doubtful_paragraph_of_a_raw_dump_stays():
    probability = np.array([0.01] * 60 + [0.95] * 10 + [0.2] + [0.04] * 10)
    words = np.where(probability > 0.1, 40.0, 20.0)
    keep = kept(words, probability, np.ones(len(words), np.bool_), np.zeros(len(words), np.bool_))
    assert best_cut(words, probability) > 0.2
    assert np.flatnonzero(keep).tolist() == list(range(60, 71))


@given(
    st.lists(st.tuples(st.integers(1, 60), st.floats(0.01, 0.99)), min_size=1, max_size=20),
    st.floats(1, 9),
)
def test_the_more_recall_weighs_the_lower_is_the_cut(rows, weight):
    words, probability = (np.array(column, np.float64) for column in zip(*rows, strict=True))
    assert best_cut(words, probability, weight, 0.05) <= best_cut(words, probability)


def test_the_model_has_the_features_that_are_computed(parse_text):
    lines = page_of(parse_text, STORY).lines
    found = groups(lines, None, sheet(lines))
    assert {name: list(columns) for name, columns in found.items()} == load().groups


@given(st.lists(st.text(min_size=1, max_size=60), min_size=1, max_size=60))
def test_any_text_gets_a_choice_that_covers_it(texts):
    lines = lines_of([Block(i, t.strip() or "x", "text", 0) for i, t in enumerate(texts)], (Element(-1, ""),))
    choice = told(lines, None)
    assert choice.body <= set(range(len(lines)))
    assert choice.why or choice.body == set(range(len(lines)))


def test_the_same_text_gets_the_same_answer(parse_text):
    lines = page_of(parse_text, [*MENU, *STORY, *TAIL]).lines
    assert (load()(lines, None).probability == load()(lines, None).probability).all()
