"""Records as other programs write them: each with the fields that its program gives them, values of our own."""

import json
from datetime import UTC, datetime

import pytest

from etl.parse import parse
from etl.records import RawDocument

TEXT = "The old ferry sails again from Monday on."
URL = "https://harbour.example/a"
DIALECTS = {
    "trafilatura": {
        "title": "Ferry returns", "author": "Ann Lee; Bo Ek", "hostname": "harbour.example", "date": "2024-10-22",
        "fingerprint": "f", "id": None, "license": None, "comments": "", "raw_text": TEXT, "text": TEXT,
        "language": None, "image": None, "pagetype": "article", "source": URL, "source-hostname": "The Harbour",
        "excerpt": "It sails.", "categories": "", "tags": "",
    },
    "news-please": {
        "authors": ["Ann Lee", "Bo Ek"], "date_download": "2024-10-23 08:00:00", "date_modify": None,
        "date_publish": "2024-10-22 00:00:00", "description": "It sails.", "filename": "a.json", "image_url": None,
        "language": "en", "localpath": None, "maintext": TEXT, "source_domain": "The Harbour",
        "title": "Ferry returns", "title_page": None, "title_rss": None, "url": URL,
    },
    "datatrove": {
        "id": "x/1", "text": TEXT,
        "metadata": {"url": URL, "date": "2024-10-22", "title": "Ferry returns", "author": ["Ann Lee", "Bo Ek"],
                     "site": "The Harbour", "file_path": "s3://x", "description": "It sails."},
    },
    "dolma": {
        "id": "1", "text": TEXT, "source": "news-crawl", "added": "2025-01-01T00:00:00Z", "created": "2024-10-22",
        "metadata": {"url": URL, "published": "2024-10-22", "headline": "Ferry returns", "byline": "Ann Lee; Bo Ek",
                     "publisher": "The Harbour"},
    },
    "zyte": {
        "url": URL, "statusCode": 200,
        "article": {
            "headline": "Ferry returns", "datePublished": "2024-10-22T00:00:00Z", "datePublishedRaw": "22 Oct",
            "authors": [{"name": "Ann Lee", "nameRaw": "by Ann Lee"}, {"name": "Bo Ek"}], "inLanguage": "en",
            "articleBody": TEXT, "articleBodyHtml": f"<article><p>{TEXT}</p></article>", "url": URL,
            "canonicalUrl": URL, "description": "It sails.", "metadata": {"probability": 0.9},
        },
    },
}  # fmt: skip


def parsed(record):
    return parse(
        RawDocument(
            "file:///a.jsonl#1", json.dumps(record).encode(), "application/json", datetime(2025, 1, 1, tzinfo=UTC)
        )
    )


@pytest.mark.parametrize("name", DIALECTS)
def test_a_dialect_is_read_with_all_that_it_says(name):
    found = parsed(DIALECTS[name])
    meta = found.metadata
    assert [block.text for block in found.blocks] == [TEXT]
    assert (meta.url, meta.headline, meta.authors) == (URL, "Ferry returns", ("Ann Lee", "Bo Ek"))
    assert meta.published.iso().startswith("2024-10-22")
    assert name == "zyte" or meta.publisher in ("The Harbour", "harbour.example")
    assert found.identity == URL


def test_what_a_record_says_at_its_top_counts_first():
    record = {"text": TEXT, "title": "Top", "url": "", "metadata": {"title": "Below", "url": URL, "text": "Other"}}
    found = parsed(record)
    assert (found.metadata.headline, found.metadata.url, found.blocks[0].text) == ("Top", URL, TEXT)


@pytest.mark.parametrize("odd", [[], "x", 7, None, {"a": 1}])
def test_odd_values_where_a_dialect_looks_are_passed_over(odd):
    assert parsed({"text": TEXT, "metadata": odd, "article": odd, "source": odd}).blocks[0].text == TEXT
