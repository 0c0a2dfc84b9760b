"""The body of a page: the model's where it is sure, the rules' where it is not."""

from __future__ import annotations

from dataclasses import replace

from etl.parse import parse
from etl.records import Block, KnownParagraphs, RawDocument, utc
from etl.strip import strip
from etl.strip.voices import look

NOTHING = KnownParagraphs()
PARAGRAPHS = [
    f"In the year {1900 + n} the lighthouse of Carrow was painted anew, says its book, and {n} men were paid for it, "
    "all of them in coal, because money was short on the island and winters were long."
    for n in range(12)
]
MENU = "".join(f"<li><a href='/{n}'>Section {n}</a></li>" for n in range(40))
PAGE = (
    f"<body><nav class='main-menu'><ul>{MENU}</ul></nav><article class='story'><h1>The book of the lighthouse</h1>"
    + "".join(f"<p>{p}</p>" for p in PARAGRAPHS)
    + "</article><footer class='site-footer'><p>The Carrow Post, Harbour Street 4, Carrow</p></footer></body>"
)


def parsed(html):
    from datetime import UTC, datetime

    return parse(RawDocument("file:///paper/book", html.encode(), "text/html", utc(datetime(2031, 5, 6, tzinfo=UTC))))


def test_the_model_is_sure_of_a_plain_article_and_reads_no_far_menu():
    document = parsed(PAGE)
    sight = look(document)
    assert sight is not None
    assert [document.blocks[i].text for i in sorted(sight.body)] == PARAGRAPHS
    assert 0 not in sight.near
    assert max(sight.body) in sight.near


def test_what_the_model_leaves_out_is_named_or_explained():
    article = strip(parsed(PAGE), NOTHING)
    assert [p.text for p in article.paragraphs] == PARAGRAPHS
    assert {r.rule for r in article.removed} >= {"headline"}
    outside = [r for r in article.removed if r.rule == "outside"]
    assert all("% story: " in r.detail for r in outside)
    assert "navigation" in {r.rule for r in article.removed if r.text == "Section 3"}


def test_no_model_looks_at_a_text_dump_or_at_nothing():
    document = parsed(PAGE)
    assert look(replace(document, media_type="text/plain")) is None
    assert look(replace(document, blocks=())) is None


def test_a_sight_follows_blocks_that_were_cut():
    document = parsed(PAGE)
    sight, count = look(document), len(document.blocks)
    over = sight.over([0, 0, *range(1, count)])
    assert over.body == {i + 1 for i in sight.body}
    assert over.near == {i + 1 for i in sight.near}
    said = sight.why([0, 1])
    assert over.why([0, 1, 2]) == {0: said[0], 1: said[0], 2: said[1]}
    assert sight.over(list(range(count))) is sight


def test_kept_and_removed_are_the_whole_page_wherever_the_model_looked():
    document = parsed(PAGE)
    article = strip(document, NOTHING)
    pieces = {x.position: x.text for x in (*article.paragraphs, *article.removed)}
    assert sorted(pieces) == list(range(len(pieces)))
    assert " ".join(pieces[i] for i in sorted(pieces)) == " ".join(b.text for b in document.blocks)


def test_a_page_with_one_block_is_no_error():
    document = parsed(PAGE)
    one = replace(document, blocks=(Block(0, " ".join(PARAGRAPHS), "text", document.blocks[0].element),))
    assert strip(one, NOTHING).paragraphs
