"""What holds for every document: nothing vanishes, nothing depends on order or chance."""

from __future__ import annotations

import random
from contextlib import nullcontext
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.errors import Reject
from etl.records import Block, Element, KnownParagraphs, Metadata, ParsedDocument
from etl.strip import strip
from etl.strip.page import survey
from etl.strip.rules import discover
from etl.strip.segment import segment
from etl.strip.stage import judge
from etl.text import fold_space, text_hash

NOTHING = KnownParagraphs()
_LINES = st.sampled_from(
    [
        "AD", "Share", "Read also:", "Related posts", "By Jo Alder", "12.04.2031 20:01", "Jo Alder", "4 min read",
        "Ferry runs again after the storm", "Will it ever run again?", "The ferry runs again, its owner said on Monday.",
        "date 2031-04-12 The ferry runs again, its owner said on Monday. Share", "– Repair the door.", "© 2031 Post",
        "It had been in the yard since the storm of March tore away its bow door and flooded the deck.",
        "The ferry in the yard / AFP", "By Jo Alder | 12 April 2031 | 3 min read", "Leave a Reply", "...", "5",
    ]
)  # fmt: skip
_FREE = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=60).map(fold_space).filter(bool)
_TEXTS = st.lists(_LINES | _FREE, min_size=1, max_size=25)
_ELEMENTS = (
    Element(-1, "body"),
    Element(0, "nav", "menu"),
    Element(0, "div", "story share"),
    Element(2, "p"),
    Element(2, "h2"),
    Element(0, "aside", "related"),
    Element(5, "li"),
    Element(0, "h1"),
)


@st.composite
def documents(draw):
    texts = draw(_TEXTS)
    if draw(st.booleans()):
        blocks = [Block(i, t, "text", 0, gap_before=draw(st.integers(0, 2))) for i, t in enumerate(texts)]
        return _document("text/plain", blocks, (Element(-1, ""),))
    places = [draw(st.integers(0, len(_ELEMENTS) - 1)) for _ in texts]
    hidden = [draw(st.integers(0, 9)) == 0 for _ in texts]
    blocks = [
        Block(i, t, "text", e, link_chars=draw(st.sampled_from([0, len(t)])), hidden=h)
        for i, (t, e, h) in enumerate(zip(texts, places, hidden, strict=True))
    ]
    return _document("text/html", blocks, _ELEMENTS)


def _document(media_type, blocks, elements):
    return ParsedDocument("file:///a", "file:///a", media_type, "utf-8", Metadata(), tuple(blocks), elements)


@given(documents())
@settings(max_examples=150, deadline=None)
def test_kept_and_removed_together_are_the_whole_text(document):
    try:
        article = strip(document, NOTHING)
    except Reject:  # any other exception fails the test
        return
    pieces = {x.position: x.text for x in (*article.paragraphs, *article.removed)}
    assert len(pieces) == len(article.paragraphs) + len(article.removed)
    assert sorted(pieces) == list(range(len(pieces)))
    whole = " ".join(pieces[i] for i in sorted(pieces))
    assert whole.split() == " ".join(b.text for b in document.blocks).split()


@given(documents(), st.randoms(use_true_random=False))
@settings(max_examples=80, deadline=None)
def test_the_order_of_the_rules_does_not_matter(document, chance):
    page = survey(replace(document, blocks=segment(document.blocks, document.metadata.published)), NOTHING)
    rules = list(discover())
    chance.shuffle(rules)
    assert judge(page, rules) == judge(page, discover())


@given(_LINES | _FREE)
@settings(max_examples=150, deadline=None)
def test_cutting_a_block_twice_cuts_it_once(text):
    once = segment([Block(0, text, "text", 0)], None)
    assert [b.text for b in segment(once, None)] == [b.text for b in once]


def test_the_same_document_gives_the_same_article(parse_text):
    lines = ["The ferry runs again, its owner said on Monday.", "AD", "Read also:", "Storm over Orrin", "By Jo Alder"]
    random.Random(3).shuffle(lines)
    document = parse_text("\n\n".join(["The ferry runs again after the storm of last spring, they say.", *lines]))
    assert strip(document, NOTHING) == strip(document, NOTHING)


def test_every_rule_has_a_name_of_its_own_and_is_found():
    names = [rule.name for rule in discover()]
    assert len(names) == len(set(names))
    assert {"headline", "standfirst", "byline", "timestamp", "caption", "related", "repeat", "known", "outside"} <= set(
        names
    )


def test_soft_rules_are_undone_when_they_take_most_of_the_prose(parse_text):
    lines = [
        "The owner of the ferry said on Monday that it would run again.",
        "Her bow door was torn away by a storm in the night of the spring fair.",
        "Nobody was hurt, but the post came late for eleven weeks.",
    ]
    document = parse_text("\n\n".join([*lines, "Advertisement"]))
    named = replace(document, metadata=replace(document.metadata, publisher="Post"))
    known = KnownParagraphs({"Post": frozenset(map(text_hash, lines))})
    article = strip(named, known)
    assert [p.text for p in article.paragraphs] == lines
    assert [r.rule for r in article.removed] == ["ad"]


@pytest.mark.parametrize("lines", [2_000])
def test_long_documents_take_no_more_than_linear_time_in_repeats(lines, parse_text):
    body = "\n\n".join(
        f"The boat with the number {n} left the harbour of Orrin in the morning and came back late."
        for n in range(lines)
    )
    assert len(strip(parse_text(body), NOTHING).paragraphs) == lines


@pytest.mark.parametrize("text", ['."' * 300_000, "a | " * 100_000, "@." * 300_000])
def test_a_huge_line_of_signs_ends_in_an_article_or_a_rejection(text):
    with pytest.raises(Reject) if "|" not in text else nullcontext():
        strip(_document("text/plain", [Block(0, text.strip(), "text", 0)], (Element(-1, ""),)), NOTHING)
