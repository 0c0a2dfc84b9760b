"""Pages that lxml alone reads in part, and how little of a sound page the second reading may touch."""

import pytest

from etl.errors import Reject
from etl.parse import reading, soup

LINE = "The ferry sails again in spring, and the board said so on Tuesday. "
STORY = [f"{number}. {LINE}".strip() for number in range(12)]
HEAD = "<html><head><title>Ferry</title></head><body>"


def markup(sentences):
    return "".join(f"<p>{sentence}</p>" for sentence in sentences)


def story_in(page):
    shown = [block.text for block in reading.read(page).blocks if not block.hidden]
    return [sentence for sentence in STORY if any(sentence in text for text in shown)]


@pytest.mark.parametrize(
    "fault",
    [
        "<script>var x = 1;", "<style>p {}", "<textarea>", "<iframe src=x>", "<noscript><img src=x>", "<svg><path d=x>",
        "<select><option>", "<video><source src=x>", "<object>", "<template>", "<!-- an ad", '<a href="x>more</a>',
        "<b>" * 3000, "<font color=red><b>" * 1500,
    ],
    ids=lambda fault: fault[:20],
)  # fmt: skip
def test_a_story_is_found_after_an_opening_that_is_never_closed(fault):
    assert story_in(HEAD + markup(STORY[:2]) + fault + markup(STORY[2:])) == STORY


def test_a_story_is_found_after_a_title_that_is_never_closed():
    assert story_in("<html><head><title>Ferry<meta name=a content=b></head><body>" + markup(STORY)) == STORY


def test_a_story_that_stands_where_scripts_are_off_is_found():
    page = f"{HEAD}<div id=app></div><noscript>{markup(STORY)}</noscript><script>start()</script>"
    assert story_in(page) == STORY


@pytest.mark.parametrize(
    "extra",
    [
        f"<noscript><p>Please switch on scripts.</p></noscript>{'<p></p>' * 100}",
        f"<script>const x = '{'<p>' * 100}'</script>",
        f"<script>const x = '<script>{'<p>' * 100}'</script><script></script>",
        f"<!-- {markup(STORY) * 9} -->",
        f'<div data-caption="{markup(STORY * 9)}"></div>',
        f"<template>{markup(['Write a comment.'] * 40)}</template>",
    ],
    ids=["empty", "script", "nested script", "comment", "attribute", "template"],
)
def test_paragraphs_that_are_not_shown_do_not_come_into_a_sound_page(extra):
    plain = reading.read(HEAD + markup(STORY) + "</body></html>")
    assert [b.text for b in reading.read(HEAD + markup(STORY) + extra + "</body></html>").blocks] == [
        block.text for block in plain.blocks
    ]


def test_what_no_reader_reads_is_rejected():
    with pytest.raises(Reject):
        reading.read(HEAD + "<div>" * 3000 + markup(STORY))


def test_markup_of_any_size_is_mended_or_left_alone():
    assert not soup.is_small("<p>" * (soup.MOST_TAGS + 1))
    assert not soup.is_small("x" * (soup.MOST_CHARS + 1))


# Each takes less than a second; html.parser by itself takes minutes for most of them.
@pytest.mark.parametrize("piece", ["<a b='", "<a ", "<a href=x", "<p/", "<![CDATA[>", "<!--", "<?", "</", "<svg><p>"])
def test_mending_takes_time_in_proportion(piece):
    page = piece * (soup.MOST_TAGS // piece.count("<") - 10) + markup(["end"])
    assert "end" in soup.mended(page)
