"""Pages made to hurt, and pages that fell apart on the way."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.errors import Reject
from etl.parse import parse
from etl.records import RawDocument

FETCHED = datetime(2026, 1, 1, tzinfo=UTC)


def read(body, media_type="text/html"):
    return parse(RawDocument("file:///x", body if isinstance(body, bytes) else body.encode(), media_type, FETCHED))


def texts(body, media_type="text/html"):
    return [block.text for block in read(body, media_type).blocks]


@pytest.mark.parametrize("tag", ["div", "span", "b", "ul", "x-y", "table"])
def test_200_000_nested_tags_are_rejected_rather_than_read_in_part(tag):
    with pytest.raises(Reject) as caught:
        read(f"<html><body><p>before</p>{f'<{tag}>' * 200_000}deep</body></html>")
    assert (caught.value.stage, caught.value.reason) == ("parse", "html")


def test_deep_nesting_within_the_limit_is_read_whole():
    assert texts("<p>a</p>" + "<div>" * 1900 + "deep" + "</div>" * 1900 + "<p>z</p>") == ["a", "deep", "z"]


def test_a_megabyte_on_one_line_is_one_block():
    line = "word " * 200_000
    assert texts(f"<html><p>{line}</p></html>") == [line.strip()]
    assert texts(line, "text/plain") == [line.strip()]


def test_many_small_elements_are_read_in_one_walk():
    assert len(texts("<html>" + "<p>a <b>b</b></p>" * 10_000)) == 10_000


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("<p>one<p>two<div>three", ["one", "two", "three"]),
        ("<html><body><p>one</p><p>two <b>thr", ["one", "two thr"]),
        ("<html><p>one</p><!-- never closed <p>two</p>", ["one"]),
        ("<p>one</p><plaintext><p>two</p> & three", ["one", "<p>two</p> & three"]),
        ("<p>one</p><xmp><b>two</b></xmp>three", ["one", "<b>two</b>", "three"]),
        ("<p>one</p></div></body></html><p>two</p>three<html><body>four", ["one", "two", "three", "four"]),
        ('<p title="<b>a > b">one</p>', ["one"]),
        ('<p {}="x" {a}b="y" {c=z :d="" =e <f">one</p>', ["one"]),
        ('<p {class}="x" xml:lang="y" xmlns:a="b" a:c="d">one <a:b>two</a:b></p>', ["one two"]),
        ("<p>&#xD800;&#0;one&nbsp;&unknown; &amp;amp;</p>", ["��one &unknown; &amp;"]),
        ('<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml"><p>one</p></html>', ["one"]),
        ("<frameset><frame src=x><noframes>no</noframes></frameset><p>x</p>", ["x"]),
    ],
)
def test_broken_pages_are_read_as_far_as_they_go(page, expected):
    assert texts(page) == expected


def test_entities_of_a_document_type_do_not_multiply():
    bomb = "<!DOCTYPE html [<!ENTITY a 'ha'>" + "".join(
        f"<!ENTITY {chr(98 + i)} '&{chr(97 + i)};&{chr(97 + i)};'>" for i in range(20)
    )
    assert len("".join(texts(bomb + "]><html><p>&u;&u;&u;</p></html>"))) < 2000


@pytest.mark.parametrize(
    "page", ["<html></html>", "<html><script>x</script></html>", "<!-- only -->", "<p> &nbsp; </p>"]
)
def test_a_page_without_text_is_rejected(page):
    with pytest.raises(Reject) as caught:
        read(page)
    assert caught.value.reason == "no-text"


@pytest.mark.parametrize(
    "head",
    [
        '<script type="application/ld+json">' + '{"a":' * 50_000 + "</script>",
        '<script type="application/ld+json">' + "[" * 100_000 + "]" * 100_000 + "</script>",
        '<script type="application/ld+json">{"@type": 7, "author": {"@id": ["x"]}, "@graph": "x"}</script>',
        '<script type="application/ld+json">{"@type":"Article","@id":{"a":1},"author":{"@id":{"b":1}},"headline":{"x":1}}</script>',
        '<script type="application/ld+json">{"@type":"Article","headline":"\\ud800","datePublished":7,"author":[[["x"]]]}</script>',
        '<script type="application/ld+json">{"@type":"Article","author":"Ann\\ud800 Lee","headline":"T\\u0000\\ud800itle"}</script>',
        '<meta property="og:url" content="http://[bad"><link rel="canonical" href="http://[worse">',
        '<meta name="author" content="' + "a, " * 50_000 + '"><title>' + " | " * 20_000 + "</title>",
        '<meta name="date" content="' + "9" * 100_000 + '">',
        '<base href="http://["><meta charset="nonsense">',
    ],
)
def test_hostile_metadata_does_not_stop_the_page(head):
    found = read(f"<html><head>{head}</head><body><h1>Title</h1><p>Some text.</p></body></html>")
    assert "Some text." in [block.text for block in found.blocks]
    for text in (found.metadata.headline or "", *found.metadata.authors):
        assert "\0" not in text.encode().decode()


# Each takes a fraction of a second; a step that is quadratic in its length would take minutes.
@pytest.mark.parametrize(
    "page",
    [
        "<html><p>" + "x<a></a>" * 30_000,
        "<html><p>" + "<a></a> " * 30_000 + "x",
        "<html><p>" + "x<span></span>" * 50_000,
        "<html><p>x" + "<br>" * 20_000,
        "<html><p>x" + "<!---->" * 100_000,
        "<!---->" * 30_000 + "x",
        "<" * 300_000 + "<p>é",
        "<p>" + "<h1>" * 1500 + "x",
        "<html>" + '<meta name="a" content="b">' * 50_000 + "<p>x",
        "<html>" + '<div class="author"><time>' * 900 + "x",
        '<html><meta name="author" content="' + "(" * 200_000 + '"><p>x',
        "<html><title>" + "Harbour | " * 50_000 + "</title><p>x",
        '<html><script type="application/ld+json">' + " " * 500_000 + ";</script><p>x",
        "x" + "\r" * 300_000,
        "<p>" + " " * 500_000 + "x",
        "<table>" + "<tr><td></td></tr>" * 20_000 + "<tr><td>x</table>",
    ],
    ids=lambda page: page[:24] + " ...",
)
def test_long_pages_take_time_in_proportion(page):
    assert any("x" in text or "é" in text for text in texts(page.encode("cp1252")))


@given(st.lists(st.sampled_from([
    "<p>", "</p>", "<div hidden>", "</div>", "<table>", "<tr>", "<td>", "</table>", "<!--", "-->", "<script>", "</script>",
    "<svg>", "<ul><li>", "<br>", "text ", "&#0;", "&amp", "<a href='", "'>", "<plaintext>", "<x:y>", "<![CDATA[", "\ud83d\ude00",
    "<template>", "<select><option>", "<html lang=de>", "<title>", "<h1>", "<p {}=1 {a}b='c'>", "<a:b c:d=e>", "<time datetime='x'>", "<?pi ?>", "é",
]), max_size=25).map("".join))  # fmt: skip
def test_any_soup_is_parsed_or_rejected(soup):
    assert is_sound(soup.encode("utf-16", "surrogatepass"), "text/html")


@given(st.binary(max_size=200), st.sampled_from(["text/html", "text/plain", "application/json"]))
def test_any_bytes_are_parsed_or_rejected(body, media_type):
    assert is_sound(body, media_type)


def is_sound(body, media_type):
    """Whether the document came out with text, or as a rejection of this stage; anything else is an error."""
    try:
        return len(read(body, media_type).blocks) > 0
    except Reject as reject:
        return reject.stage == "parse"
