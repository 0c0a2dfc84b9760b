from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.parse.address import canonical, day_in, host, identity, normalised, registrable
from etl.records import Metadata

FETCHED = datetime(2026, 1, 1, tzinfo=UTC)
PAGE = "https://www.harbour.example/news/2024/10/22/ferry-returns-to-service"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTP://WWW.Harbour.Example:80/News?b=2&a=1#top", "http://www.harbour.example/News?a=1&b=2"),
        ("https://harbour.example:443/a", "https://harbour.example/a"),
        ("https://harbour.example:8443/a", "https://harbour.example:8443/a"),
        ("https://harbour.example/a?utm_source=x&id=7&fbclid=y&gclid=z&mc_cid=1", "https://harbour.example/a?id=7"),
        ("https://harbour.example/a?id=1&hid=2&bid=3", "https://harbour.example/a?bid=3&hid=2&id=1"),
        ("https://harbour.example", "https://harbour.example/"),
        ("https://fähre.example/ü", "https://xn--fhre-loa.example/%C3%BC"),
        ("https://harbour.example/a?q=%E4", "https://harbour.example/a?q=%E4"),
        (" https://harbour.example/a ", "https://harbour.example/a"),
        ("ftp://harbour.example/a", None),
        ("javascript:alert(1)", None),
        ("http://[broken/", None),
        ("https://a.example:99999/", None),
        ("", None),
        (None, None),
    ],
)
def test_an_address_has_one_form(url, expected):
    assert normalised(url) == expected


@pytest.mark.parametrize(
    ("claimed", "url", "expected"),
    [
        (PAGE, PAGE + "?utm_source=x", PAGE),
        ("/news/ferry", PAGE, "https://www.harbour.example/news/ferry"),
        ("https://m.harbour.example/ferry-1", PAGE, "https://m.harbour.example/ferry-1"),
        ("https://www.harbour.example/", PAGE, None),
        ("https://www.harbour.example", PAGE, None),
        ("https://www.harbour.example/news/", PAGE, None),
        ("https://www.harbour.example/?p=17", PAGE, "https://www.harbour.example/?p=17"),
        ("https://elsewhere.example/ferry", PAGE, None),
        ("https://other.co.uk/ferry", "https://harbour.co.uk/ferry", None),
        ("https://harbour.example/ferry-returns", None, "https://harbour.example/ferry-returns"),
        ("https://harbour.example/news", None, None),
        ("http://[broken", PAGE, None),
        ("", PAGE, None),
        (None, PAGE, None),
    ],
)
def test_a_claimed_address_counts_if_it_can_be_meant(claimed, url, expected):
    assert canonical(claimed, url) == expected


def test_hosts():
    assert host("https://www.harbour.example/a") == "harbour.example"
    assert host("file:///news/a.html") is None
    assert registrable("https://news.harbour.co.uk/") == "harbour.co.uk"
    assert registrable("https://de.harbour.example/") == "harbour.example"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (PAGE, "2024-10-22"),
        ("https://a.example/2024-10-22-ferry", "2024-10-22"),
        ("https://a.example/news/20241022/ferry", "2024-10-22"),
        ("https://a.example/article/120241022555", None),
        ("https://a.example/2024/13/22/x", None),
        ("https://a.example/2027/10/22/x", None),
        ("file:///2024/10/22/x.html", None),
        (None, None),
    ],
)
def test_the_day_in_the_path(url, expected):
    found = day_in(url, FETCHED)
    assert (found and found.iso()) == expected


def test_identity_prefers_what_changes_least():
    full = Metadata(guid="g", canonical_url="https://a.example/c", url="https://A.example/u?utm_id=1")
    assert identity(full, "file:///x") == "g"
    assert (
        identity(Metadata(canonical_url="https://a.example/c", url="https://a.example/u"), "file:///x")
        == "https://a.example/c"
    )
    assert identity(Metadata(url="https://A.example/u?utm_id=1"), "file:///x") == "https://a.example/u"
    assert identity(Metadata(), "https://A.example/u#x") == "https://a.example/u"
    assert identity(Metadata(), "file:///day.jsonl#7") == "file:///day.jsonl#7"


@given(st.text(max_size=60))
def test_normalising_twice_changes_nothing_and_never_fails(rest):
    once = normalised("https://harbour.example/" + rest)
    assert once is None or normalised(once) == once
    canonical(rest, PAGE)
