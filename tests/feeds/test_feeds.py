"""Every form of list gives the same item, with its fields where they belong."""

from __future__ import annotations

import gzip
import json

import pytest

from etl.feeds import read_listing
from tests.feeds.made import HOME, NOW, atom, atom_entry, index, item, loc, rss, sitemap

DATED = "<pubDate>Tue, 03 Mar 2026 10:00:00 +0100</pubDate>"
RDF = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Post</title></channel>'
    '<item rdf:about="https://post.example/a/1"><title>Story 1</title><link>https://post.example/a/1</link>'
    "<dc:date>2026-03-03T10:00:00+01:00</dc:date></item></rdf:RDF>"
)
JSON_FEED = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "Post",
    "items": [
        {
            "id": "7",
            "url": "/a/1",
            "title": "Story 1",
            "date_published": "2026-03-03T10:00:00+01:00",
            "authors": [{"name": "Ada Quill"}],
            "tags": ["World", "Ports"],
            "content_text": "One.\n\nTwo & three.",
            "summary": "In short",
        }
    ],
}
NEWS = (
    "<news:news><news:publication><news:name>The Harbour Post</news:name><news:language>en</news:language>"
    "</news:publication><news:publication_date>2026-03-03T10:00:00+01:00</news:publication_date>"
    "<news:title>Story 1</news:title><news:keywords>World, Ports</news:keywords></news:news>"
)
NEWS_SITEMAP = sitemap(loc(1, NEWS)).replace(">", ' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">', 1)


def read(text, **given):
    return read_listing(text.encode() if isinstance(text, str) else text, HOME, NOW, **given)


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("rss", rss(item(1, more=DATED))),
        ("rss", rss(item(1, more=DATED), version="0.91")),
        ("rdf", RDF),
        ("atom", atom(atom_entry(1, "<published>2026-03-03T09:00:00Z</published>"))),
        ("json-feed", json.dumps(JSON_FEED)),
        ("sitemap", NEWS_SITEMAP),
        ("sitemap", gzip.compress(NEWS_SITEMAP.encode())),
    ],
)
def test_every_form_gives_the_item(form, text):
    listing = read(text)
    [one] = listing.items
    assert (listing.form, listing.faults) == (form, ())
    assert (one.url, one.headline) == ("https://post.example/a/1", "Story 1")
    assert one.published is not None
    assert one.published.iso() == "2026-03-03T09:00:00Z"
    assert one.published.raw in ("Tue, 03 Mar 2026 10:00:00 +0100", "2026-03-03T10:00:00+01:00", "2026-03-03T09:00:00Z")


def test_an_item_of_rss_with_all_it_can_bring():
    more = (
        f"{DATED}<dc:creator>Ada Quill</dc:creator><category>World</category><category>Ports</category>"
        "<description>In &lt;b&gt;short&lt;/b&gt; &amp;amp; sweet</description><source url='x'>The Wire</source>"
        "<content:encoded><![CDATA[<p>All of it, and more of it.</p>]]></content:encoded>"
    )
    [one] = read(rss(item(1, guid="n-1", more=more), channel="<language>en-gb</language>")).items
    assert (one.guid, one.authors, one.section) == ("n-1", ("Ada Quill",), "World")
    assert (one.keywords, one.language, one.publisher) == (("World", "Ports"), "en-gb", "The Wire")
    assert (one.standfirst, one.content_html) == ("In short & sweet", "<p>All of it, and more of it.</p>")


def test_an_item_of_json_feed_with_all_it_can_bring():
    [one] = read(json.dumps(JSON_FEED)).items
    assert (one.guid, one.authors, one.keywords, one.standfirst) == (
        "7",
        ("Ada Quill",),
        ("World", "Ports"),
        "In short",
    )
    assert one.content_html == "<p>One.</p><p>Two &amp; three.</p>"


def test_an_item_of_a_news_sitemap_with_all_it_can_bring():
    [one] = read(NEWS_SITEMAP).items
    assert (one.publisher, one.language, one.keywords) == ("The Harbour Post", "en", ("World", "Ports"))


@pytest.mark.parametrize(
    ("author", "name"),
    [
        ("desk@post.example (Ada Quill)", ("Ada Quill",)),
        ("Ada Quill &lt;desk@post.online&gt;", ("Ada Quill",)),
        ("desk@post.example", ()),
        ("Ada Quill", ("Ada Quill",)),
    ],
)
def test_authors_go_by_their_names(author, name):
    assert read(rss(item(1, more=f"<author>{author}</author>"))).items[0].authors == name


def test_a_guid_that_is_an_address_is_the_address_where_there_is_no_other():
    [one] = read(rss("<item><guid>https://post.example/g</guid></item>")).items
    assert one.url == "https://post.example/g"


def test_the_only_date_of_atom_is_a_change_and_that_of_rss_a_publication():
    [changed] = read(atom(atom_entry(1, "<updated>2026-03-03T09:00:00Z</updated>"))).items
    assert (changed.published, changed.modified and changed.modified.raw) == (None, "2026-03-03T09:00:00Z")
    [published] = read(rss(item(1, more="<dc:date>2026-03-03T09:00:00Z</dc:date>"))).items
    assert (published.published and published.published.raw, published.modified) == ("2026-03-03T09:00:00Z", None)


def test_a_day_stays_a_day_and_a_date_to_come_is_none():
    items = read(sitemap(loc(1, "<lastmod>2026-03-03</lastmod>"), loc(2, "<lastmod>2027-01-01</lastmod>"))).items
    assert items[0].modified is not None
    assert (items[0].modified.precision, items[1].modified) == ("day", None)


def test_an_index_names_its_sitemaps():
    listing = read(index(("https://post.example/s1.xml", "2026-03-03"), ("/s2.xml.gz", "")))
    assert listing.form == "sitemap-index"
    assert [child.url for child in listing.children] == [
        "https://post.example/s1.xml",
        "https://post.example/s2.xml.gz",
    ]


def test_a_sitemap_may_be_a_list_of_addresses():
    listing = read("https://post.example/1\nhttps://post.example/2\nhttps://post.example/1\n")
    assert (listing.form, [one.url for one in listing.items]) == (
        "url-list",
        ["https://post.example/1", "https://post.example/2"],
    )


def test_the_charset_of_the_transport_counts_where_the_list_declares_none():
    text = (
        "<rss version='2.0'><channel><item><title>Zoë</title><link>https://post.example/1</link></item></channel></rss>"
    )
    assert read(text.encode("latin-1"), charset="iso-8859-1").items[0].headline == "Zoë"


def test_nothing_is_fetched_and_no_file_opened_for_a_list_that_looks_like_an_address():
    assert read("file:///etc/passwd <rss version='2.0'><channel></channel></rss>").items == ()
