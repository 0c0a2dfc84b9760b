import base64
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.errors import Reject
from etl.parse import parse
from etl.records import RawDocument

FETCHED = datetime(2026, 1, 1, tzinfo=UTC)
PAGE = (
    '<html lang="en"><head><title>Ferry returns | Harbour News</title>'
    '<meta property="article:published_time" content="2024-10-22T08:00:00Z"></head>'
    "<body><h1>Ferry returns</h1><p>The old ferry sails again.</p></body></html>"
)


def raw(fields, uri="file:///day.jsonl#1"):
    body = fields if isinstance(fields, bytes) else json.dumps(fields).encode()
    return RawDocument(uri, body, "application/json", FETCHED)


def rejected(fields):
    with pytest.raises(Reject) as caught:
        parse(raw(fields))
    return caught.value.stage, caught.value.reason


def test_a_text_record_is_cut_like_plain_text():
    found = parse(raw({"id": 7, "url": "https://www.harbour.example/a?utm_id=1", "text": "One\n\n– Two"}))
    assert [(b.text, b.kind) for b in found.blocks] == [("One", "text"), ("– Two", "list")]
    assert (found.media_type, found.charset, found.identity) == ("text/plain", "utf-8", "https://www.harbour.example/a")
    meta = found.metadata
    assert (meta.external_id, meta.url, meta.publisher) == (
        "7",
        "https://www.harbour.example/a?utm_id=1",
        "harbour.example",
    )


def test_given_metadata_wins_over_the_page():
    found = parse(raw({
        "html": PAGE, "headline": "Given", "authors": ["Ann Lee", "Bo Ek", "Ann Lee"], "published_at": "22.10.2024 20:01",
        "publisher": "The Harbour", "language": "en-GB", "section": "Local", "agency": "AFP", "guid": "tag:1",
    })).metadata  # fmt: skip
    assert (found.headline, found.authors, found.publisher) == ("Given", ("Ann Lee", "Bo Ek"), "The Harbour")
    assert (found.language, found.section, found.agency, found.guid) == ("en", "Local", "AFP", "tag:1")
    assert found.published is not None
    assert (found.published.iso(), found.published.origin) == ("2024-10-22T20:01:00", "given")


def test_what_is_not_given_comes_from_the_page():
    found = parse(raw({"html": PAGE, "headline": "", "authors": None})).metadata
    assert (found.headline, found.language) == ("Ferry returns", "en")
    assert found.published is not None
    assert (found.published.iso(), found.published.origin) == ("2024-10-22T08:00:00Z", "meta")


def test_a_packed_page_is_read_with_its_own_charset():
    page = "<meta charset=windows-1251><p>Президент підписав указ про поглиблення інтеграції.</p>".encode(
        "windows-1251"
    )
    found = parse(raw({"html_b64": base64.b64encode(page).decode()}))
    assert (found.charset, found.blocks[0].text) == (
        "windows-1251",
        "Президент підписав указ про поглиблення інтеграції.",
    )


@pytest.mark.parametrize(
    ("fields", "name", "value"),
    [
        ({"title": "T"}, "headline", "T"),
        ({"author": "Ann Lee; Bo Ek"}, "authors", ("Ann Lee", "Bo Ek")),
        ({"authors": [{"name": "Ann Lee"}, 7]}, "authors", ("Ann Lee",)),
        ({"site": "S"}, "publisher", "S"),
        ({"source_domain": "s.example"}, "publisher", "s.example"),
    ],
)
def test_names_of_other_programs_are_accepted(fields, name, value):
    assert getattr(parse(raw({"body": "Some text.", **fields})).metadata, name) == value


@pytest.mark.parametrize(
    ("given_date", "expected"),
    [
        ("2024-10-22", "2024-10-22"),
        ("October 22, 2024", "2024-10-22"),
        (1729627260, "2024-10-22T20:01:00Z"),
        (1729627260.0, "2024-10-22T20:01:00Z"),
        ("yesterday", None),
        (True, None),
        ({"$date": 1}, None),
    ],
)
def test_a_given_date_may_have_any_form(given_date, expected):
    published = parse(raw({"text": "Some text.", "date": given_date})).metadata.published
    assert (published and published.iso()) == expected


def test_text_that_is_markup_is_read_as_a_page():
    found = parse(raw({"content": "<p>One <b>two</b>.</p><p>Three.</p>"}))
    assert ([b.text for b in found.blocks], found.media_type) == (["One two.", "Three."], "text/html")


@pytest.mark.parametrize(
    "line",
    [b"{broken", b"[1, 2]", b'"text"', b"7", b"[" * 100_000, {"text": 7}, {"html": ["x"]}, {"html_b64": "a"}],
)
def test_broken_lines_are_rejected_as_json(line):
    assert rejected(line) == ("parse", "json")


@pytest.mark.parametrize("fields", [{}, {"url": "https://a.example/"}, {"text": "", "html": None}, {"html": "<p></p>"}])
def test_lines_without_text_are_rejected(fields):
    assert rejected(fields) == ("parse", "no-text")


def test_binary_content_in_a_record_is_rejected():
    assert rejected({"html_b64": base64.b64encode(b"%PDF-1.4 words").decode()}) == ("parse", "binary")


def test_lone_surrogates_and_nuls_do_not_get_through():
    found = parse(
        raw(b'{"text": "a\\ud800b \\u0000 c", "title": "x\\udfff", "author": "y\\ud800", "guid": "\\u0000g"}')
    )
    for text in (
        found.blocks[0].text,
        found.metadata.headline,
        found.metadata.authors[0],
        found.metadata.guid,
        found.identity,
    ):
        assert "\0" not in text
        text.encode()


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20), st.lists, max_leaves=4
)
NAMES = st.sampled_from(
    ["id", "url", "html", "html_b64", "text", "title", "authors", "date", "publisher", "language", "guid"]
)


@given(st.dictionaries(NAMES, VALUES, max_size=8))
def test_any_object_is_parsed_or_rejected(fields):
    found = parsed_or_rejected(raw(json.dumps(fields).encode()))
    assert found.stage == "parse" if isinstance(found, Reject) else found.blocks and found.identity


def parsed_or_rejected(document):
    try:
        return parse(document)
    except Reject as reject:
        return reject
