"""The stage as a whole: what kind of document it is, what it was read with, whether it was mended."""

from datetime import UTC, datetime

import pytest

from etl.errors import Reject
from etl.parse import parse
from etl.records import RawDocument

FETCHED = datetime(2026, 1, 1, tzinfo=UTC)


def read(body, media_type="text/plain", **more):
    return parse(
        RawDocument("file:///news/a", body if isinstance(body, bytes) else body.encode(), media_type, FETCHED, **more)
    )


@pytest.mark.parametrize(
    ("body", "declared", "expected"),
    [
        ("<!DOCTYPE html><p>x", "text/plain", "text/html"),
        ("\n<HTML><p>x", "text/plain", "text/html"),
        ("<!-- saved page --><html><p>x", "text/plain", "text/html"),
        ("<p>One</p>\n<p>Two</p>", "text/plain", "text/html"),
        ("Use <b> for bold; a < b and c > d.", "text/plain", "text/plain"),
        ("He wrote <p> and </p> and <br> in it. " + "word " * 500, "text/plain", "text/plain"),
        ("Just words\n\nand more", "text/html", "text/plain"),
        ("<p>x", "text/html", "text/html"),
        ("<p>x</p>", "application/xhtml+xml", "text/html"),
    ],
)
def test_the_content_decides_what_a_document_is(body, declared, expected):
    assert read(body, declared).media_type == expected


def test_a_text_has_no_headline_and_no_date_of_its_own():
    found = read("Ferry returns\n\nOn Monday, October 31, the ferry came back.").metadata
    assert (found.headline, found.published, found.authors, found.publisher) == (None, None, (), None)


def test_the_charset_is_recorded_and_the_transport_believed():
    text = "Президент підписав указ про поглиблення інтеграції."
    found = read(text.encode("windows-1251"), charset="windows-1251")
    assert (found.charset, found.blocks[0].text) == ("windows-1251", text)


@pytest.mark.parametrize(
    ("wrap", "media_type"), [("{}", "text/plain"), ("<html><p>{}</p><p>clean – ’x’</p></html>", "text/html")]
)
def test_mojibake_is_mended_and_said_so(wrap, media_type):
    clean = "Le maire a été reçu à l’hôtel de ville"
    found = read(wrap.format(clean.encode().decode("cp1252")), media_type)
    assert (found.blocks[0].text, found.metadata.repaired) == (clean, True)


def test_a_broken_title_is_mended_where_the_text_is_sound():
    title = "Le maire a été reçu".encode().decode("windows-1252")
    found = read(f"<html><title>{title}</title><p>Le maire a été reçu.</p>", "text/html")
    assert (found.metadata.headline, found.metadata.repaired) == ("Le maire a été reçu", True)


@pytest.mark.parametrize(
    "text",
    [
        "“Curly” ‘quotes’ – dashes… and ﬁgures ½ stay as found, naïve façade",
        "Он сказал: «Да» — и ушёл № 5",
        "SÃO PAULO, É, Ä and Â. Ă, Ð, Ñ",
        "東京で「会議」が開かれた。",
    ],
)
def test_sound_text_is_left_as_it_is(text):
    found = read(text)
    assert (found.blocks[0].text, found.metadata.repaired) == (text, False)


def test_the_same_document_gives_the_same_result_whatever_came_before():
    page = '<html lang=de><p class="byline">Von Anna Groß, 22. Oktober 2024</p><p>Text und mehr Text.</p></html>'
    first = read(page, "text/html")
    read("<html lang=en><time>October 1, 2020</time><p>Other</p></html>", "text/html")
    assert read(page, "text/html") == first


@pytest.mark.parametrize(
    ("body", "reason"), [(b"", "empty"), (b" \n", "empty"), (b"%PDF-1.4", "binary"), ("\u200b\u00ad", "no-text")]
)
def test_what_is_no_text_is_rejected(body, reason):
    with pytest.raises(Reject) as caught:
        read(body)
    assert (caught.value.stage, caught.value.reason) == ("parse", reason)
