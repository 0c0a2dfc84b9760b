"""The model that ships: it loads, it is small, it says the same twice, and it says why."""

from __future__ import annotations

import json
import random
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.records import Block, Element, Metadata
from etl.resources import seeds
from etl.strip.learned.context import context
from etl.strip.learned.decide import decide, expected_f1
from etl.strip.learned.explain import reasons
from etl.strip.learned.features import groups
from etl.strip.learned.looks import Trees
from etl.strip.learned.model import load
from etl.strip.learned.names import NameScores, name_words
from etl.strip.learned.outline import outline, quick_count

STORY = "The ferry in the harbour of Orrin ran again on Monday, its owner said, after a winter in the yard."
ELEMENTS = (
    Element(-1, "body"),
    Element(0, "nav", "main-menu", "navigation"),
    Element(1, "li"),
    Element(0, "article", "story articleBody"),
    Element(3, "p"),
    Element(3, "aside", "relatedStories"),
    Element(0, "footer"),
)


def page(count: int = 1) -> tuple[tuple[Block, ...], tuple[Element, ...]]:
    """Return a page with a menu, paragraphs, an insert and a footer, `count` times as long."""
    rows = [("Home", 2, True), *((f"{STORY} It was day {n}.", 4, False) for n in range(5)), ("More news", 5, True)]
    rows = rows * count + [("All rights reserved", 6, False)]
    places = sorted(range(len(rows)), key=lambda i: rows[i][1])  # blocks of an element stand together
    return tuple(
        Block(i, text, "text", element, link_chars=len(text) if linked else 0)
        for i, (text, element, linked) in enumerate(rows[j] for j in places)
    ), ELEMENTS


def test_the_file_is_small_and_fits_the_code():
    file = seeds() / "models" / "body.json"
    assert file.stat().st_size < 100_000
    spec, model = json.loads(file.read_text("utf-8")), load()
    blocks, elements = page()
    found = groups(blocks, Metadata(), outline(blocks, elements), model.names)
    assert spec["groups"] == {name: list(columns) for name, columns in found.items()}
    wide = sum(map(len, found.values()))
    assert len(spec["first"]["weight"]) == wide
    around = context(outline(blocks, elements), np.full(len(blocks), 0.5))
    assert max(spec["second"]["feature"]) < wide + len(around)
    assert all(np.isfinite(spec["first"]["weight"]))


def test_every_feature_is_a_finite_column_of_the_page():
    blocks, elements = page()
    found = groups(blocks, Metadata(headline="Ferry runs again"), outline(blocks, elements), load().names)
    for columns in found.values():
        for name, column in columns.items():
            assert column.shape == (len(blocks),), name
            assert np.isfinite(column).all(), name


def test_a_page_without_blocks_has_no_body():
    verdicts = load()((), (Element(-1, "body"),), Metadata())
    decision = decide(verdicts.frame, verdicts.probability)
    assert not decision.keep.any()
    assert decision.expected_f1 == 0
    assert reasons(load(), verdicts, []) == {}


def test_paragraphs_are_more_probable_than_menu_and_footer():
    blocks, elements = page()
    probability = load()(blocks, elements, Metadata()).probability
    told = [probability[b.position] for b in blocks if b.element == 4]
    rest = [probability[b.position] for b in blocks if b.element != 4]
    assert min(told) > max(rest)


def test_the_same_page_gives_the_same_numbers_whatever_was_seen_before():
    blocks, elements = page(3)
    before = load()(blocks, elements, Metadata())
    load()(*page(7), Metadata(headline="Another"))
    after = load()(blocks, elements, Metadata())
    assert np.array_equal(before.table, after.table)
    assert np.array_equal(before.probability, after.probability)


def test_a_block_left_out_is_explained_by_two_groups_of_features():
    blocks, elements = page()
    model = load()
    said = reasons(model, model(blocks, elements, Metadata()), [0])[0]
    share, _, named = said.partition(": ")
    assert share.endswith("% story")
    assert [part.split()[0] in model.groups for part in named.split(", ")] == [True, True]


def test_twenty_thousand_blocks_are_quick():
    blocks, elements = page(20_000 // 7 + 1)
    start = time.process_time()
    verdicts = load()(blocks, elements, Metadata())
    decide(verdicts.frame, verdicts.probability)
    assert len(blocks) >= 20_000
    assert time.process_time() - start < 5


@st.composite
def any_pages(draw):
    count = draw(st.integers(1, 12))
    elements = [Element(-1, "body")]
    for i in range(1, count):
        tag = draw(st.sampled_from(["div", "p", "h1", "nav", "article", "li", "form"]))
        elements.append(Element(draw(st.integers(0, i - 1)), tag, draw(st.sampled_from(["", "story", "menuLeft ad"]))))
    texts = draw(st.lists(st.text(min_size=1, max_size=40), min_size=1, max_size=15))
    return tuple(
        Block(i, t, "text", draw(st.integers(0, count - 1)), link_chars=draw(st.sampled_from([0, len(t)])))
        for i, t in enumerate(texts)
    ), tuple(elements)


@given(any_pages())
@settings(max_examples=100, deadline=None)
def test_probabilities_and_confidence_are_shares_on_any_page(made):
    blocks, elements = made
    verdicts = load()(blocks, elements, Metadata(headline="A story", description="A story of a ferry in a harbour"))
    decision = decide(verdicts.frame, verdicts.probability)
    assert verdicts.probability.shape == decision.keep.shape == (len(blocks),)
    assert ((verdicts.probability >= 0) & (verdicts.probability <= 1)).all()
    assert 0 <= decision.expected_f1 <= 1


@given(st.lists(st.tuples(st.integers(1, 60), st.floats(0.01, 0.99)), min_size=1, max_size=7))
def test_expected_f1_is_one_for_certainty_and_less_for_doubt(rows):
    words, probability = (np.array(column, np.float64) for column in zip(*rows, strict=True))
    sure = (probability > 0.5).astype(np.float64)
    keep = sure > 0
    assert expected_f1(words, sure, keep) == (1.0 if keep.any() else 0.0)
    assert expected_f1(words, probability, keep) <= 1.0


def test_trees_say_what_walking_them_says():
    chance = random.Random(5)
    trees = [_tree(chance, 3) for _ in range(6)]
    spec = {"feature": [], "cut": [], "mask": [], "first": [], "leaves": []}
    for tree in trees:
        spec["first"].append(len(spec["feature"]))
        leaves: list[float] = []
        _flatten(tree, spec, leaves)
        spec["leaves"].append(leaves)
    table = np.array([[chance.random() for _ in range(4)] for _ in range(50)])
    expected = [1 / (1 + np.exp(-sum(_walk(tree, row) for tree in trees))) for row in table]
    assert Trees(spec)(table) == pytest.approx(expected)


def _tree(chance, depth):
    if depth == 0:
        return chance.uniform(-1, 1)
    return chance.randrange(4), chance.random(), _tree(chance, depth - 1), _tree(chance, depth - 1)


def _walk(tree, row):
    while isinstance(tree, tuple):
        tree = tree[2] if row[tree[0]] <= tree[1] else tree[3]
    return tree


def _flatten(tree, spec, leaves):
    if not isinstance(tree, tuple):
        leaves.append(tree)
        return [len(leaves) - 1]
    left, right = _flatten(tree[2], spec, leaves), _flatten(tree[3], spec, leaves)
    spec["feature"].append(tree[0])
    spec["cut"].append(tree[1])
    spec["mask"].append(0xFF & ~sum(1 << i for i in left))
    return left + right


def test_class_names_are_cut_into_words():
    assert name_words("articleBody c-12 related_Stories x") == {"article", "body", "related", "stories"}


def test_names_above_a_block_count_for_it():
    scores = NameScores({"story": 1.0, "menu": -2.0}, {"menu": -3.0})
    elements = (Element(-1, "div", "menu"), Element(0, "p", "story"), Element(1, "b"))
    rows = scores.of_elements(outline((), elements)).T
    assert rows[1].tolist() == [1.0, 1.0, -2.0, 1.0, -3.0, 0.0, -6.0]
    assert rows[2].tolist() == [0.0, 0.0, 0.0, 1.0, -3.0, 0.0, -6.0]


@pytest.mark.parametrize(
    ("text", "count"), [("one two three", 3), ("größer als", 2), ("東京の朝は早い", 3), ("Wort 東京の朝", 3)]
)
def test_words_are_counted_in_scripts_with_and_without_spaces(text, count):
    assert quick_count(text) == count
