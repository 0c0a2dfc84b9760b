"""Pages: the choice of the body, and what its tags and names say."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from etl.errors import Reject
from etl.parse import parse
from etl.records import KnownParagraphs, RawDocument
from etl.strip import strip

P = [
    "The museum of clocks in Tarn has found the maker of its oldest piece, a wooden clock without a single screw.",
    "A note was hidden in its case, the director said, folded so small that four generations had overlooked it.",
    "It names a carpenter of the town, who made coffins by day and, as it now turns out, clocks by night.",
    "Visitors can see the note from Saturday on, beside the clock, which still runs eight minutes late a day.",
]
STORY = "".join(f"<p>{p}</p>" for p in P)
TITLE = "Museum finds the maker of its oldest clock"


def test_the_story_is_found_among_menu_teasers_and_footer(clean_page):
    article = clean_page(
        f"<nav><a href='/'>Home</a> <a href='/n'>News</a></nav><main><h1>{TITLE}</h1><div>{STORY}</div></main>"
        "<aside><h3>More stories</h3><p>A bridge was painted green, and the town is not amused about it at all.</p></aside>"
        "<footer><p>© 2031 Tarn Courier</p></footer>"
    )
    assert [p.text for p in article.paragraphs] == P
    assert article.metadata.headline == TITLE


@pytest.mark.parametrize("name", ["share-wrapper", "paywall", "has-sidebar", "ad-free", "comments-open newsletter"])
def test_a_name_on_a_wrapper_cannot_take_the_story(clean_page, name):
    article = clean_page(f"<div class='{name}'><h1>{TITLE}</h1>{STORY}</div>")
    assert [p.text for p in article.paragraphs] == P


@pytest.mark.parametrize(
    ("inner", "rule"),
    [
        ("<figure><img src='a.png'><figcaption>The clock in its case.</figcaption></figure>", "caption"),
        ("<div class='newsletter-box'><p>Good clocks in your inbox, every week.</p></div>", "newsletter"),
        ("<div class='social-share'>Pass it on to your friends</div>", "share"),
        ("<aside><p>A clock is a device that tells the time.</p></aside>", "navigation"),
        ("<div class='related-articles'><a href='/b'>Bridge painted green</a></div>", "related"),
        ("<p><a href='/b'>Bridge painted green and nobody is amused</a></p>", "navigation"),
        ("<p>Advertisement</p>", "ad"),
        ("<p hidden>Only for machines to read, this one.</p>", "navigation"),
    ],
)
def test_an_insert_inside_the_story_is_removed(clean_page, inner, rule):
    paragraphs = STORY.replace("</p>", "</p>" + inner, 1)
    article = clean_page(f"<article><h1>{TITLE}</h1><div>{paragraphs}</div></article>")
    assert [p.text for p in article.paragraphs] == P
    assert rule in {r.rule for r in article.removed}


def test_an_embedded_post_is_part_of_the_story(clean_page):
    post = (
        "<div class='social-embed'><blockquote><p>My aunt owned such a clock, it was late too.</p></blockquote></div>"
    )
    article = clean_page(f"<article><h1>{TITLE}</h1>{STORY}{post}{STORY.replace('clock', 'watch')}</article>")
    assert "My aunt owned such a clock, it was late too." in article.body


def test_the_deck_is_the_standfirst_and_not_in_the_body(clean_page):
    deck = "A folded note solves a riddle of two hundred years"
    article = clean_page(f"<article><header><h1>{TITLE}</h1><p class='standfirst'>{deck}</p></header>{STORY}</article>")
    assert article.metadata.standfirst == deck
    assert [p.text for p in article.paragraphs] == P


def test_subheadings_lists_and_quotes_keep_their_kind(clean_page):
    article = clean_page(
        f"<article><h1>{TITLE}</h1><p>{P[0]}</p><h2>The note</h2><p>{P[1]}</p><ul><li>It is small.</li></ul>"
        f"<blockquote>{P[2]}</blockquote><p>{P[3]}</p></article>"
    )
    assert [p.kind for p in article.paragraphs] == ["text", "heading", "text", "list", "quote", "text"]


def test_comments_longer_than_the_story_are_not_the_story(clean_page):
    story = "".join(f"<p>{p}</p>" for p in (*P, *(p.replace("clock", "bell") for p in P)))
    comment = "<p>I have seen this very clock as a child, and it was late even then, believe me or not, friends {}.</p>"
    comments = "".join(
        comment.format(word) for word in ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
    )
    article = clean_page(f"<article><h1>{TITLE}</h1>{story}</article><div id='comments'>{comments}</div>")
    assert "I have seen this very clock" not in article.body


def test_a_headline_that_the_record_gives_is_not_overwritten():
    row = {"id": "1", "headline": TITLE, "html": f"<article><h1>The carpenter of the clocks</h1>{STORY}</article>"}
    raw = RawDocument(
        "file:///d.jsonl#1", json.dumps(row).encode(), "application/json", datetime(2031, 5, 6, tzinfo=UTC)
    )
    article = strip(parse(raw), KnownParagraphs())
    assert article.metadata.headline == TITLE
    assert [p.text for p in article.paragraphs] == P


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("<h1>Page not found</h1><p>The page you requested has moved or never was. Try the search.</p>", "error-page"),
        ("<ul>" + "<li><a href='/x'>Bridge painted green again</a></li>" * 30 + "</ul>", "no-article"),
        ("<h1>Pictures</h1><p>A clock, seen from behind.</p>", "too-short"),
    ],
)
def test_a_page_without_a_story_is_refused(clean_page, body, reason):
    with pytest.raises(Reject) as caught:
        clean_page(body)
    assert (caught.value.stage, caught.value.reason) == ("strip", reason)


def test_a_date_in_front_of_the_first_paragraph_is_cut_loose(clean_page):
    article = clean_page(f"<article><h1>{TITLE},</h1><p>March 5, 2031 {P[0]}</p>{STORY}</article>")
    assert article.metadata.published.iso() == "2031-03-05"
    assert article.metadata.headline == TITLE
    assert article.paragraphs[0].text == P[0]


def test_a_page_that_only_asks_for_consent_is_refused(clean_page):
    wall = (
        "<div class='consent-wall' role='dialog'><h1>Before you go on</h1><p>The paper and its 99 partners store cookies "
        "on your device and read them again, to choose advertising and to measure how well it does.</p>"
        "<p>If you agree, press the button below. You can change your mind at any time in the settings.</p></div>"
    )
    with pytest.raises(Reject) as caught:
        clean_page(wall)
    assert (caught.value.stage, caught.value.reason) == ("strip", "no-article")


def test_a_form_for_comments_names_no_author(clean_page):
    form = "<form><div class='warning-author'>Please enter your name here</div><input class='author'></form>"
    assert clean_page(f"<article><h1>{TITLE}</h1>{STORY}</article>{form}").metadata.authors == ()
    comments = "<div id='comments'><p class='comment-author'>Jo Alder</p><p>Nice clock.</p></div>"
    assert clean_page(f"<article><h1>{TITLE}</h1>{STORY}</article>{comments}").metadata.authors == ()
