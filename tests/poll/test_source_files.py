"""Sources as users write them down: TOML and OPML, and what is said of a mistake."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.db.sources import NewsSource
from etl.errors import InputError
from etl.polling.source_files import read_source_file, seconds

TOML = """
[[source]]
name = "The Harbour Post"
url = "https://post.example/rss"

[[source]]
name = "Orle"
kind = "sitemap"
url = "https://orle.example/sitemap.xml"
interval = "2h"
allow = ["www.Orle.example"]

[[source]]
name = "files"
kind = "jsonl"
url = "in/day.jsonl"
"""
OPML = """<?xml version="1.0"?><opml version="2.0"><head><title>mine</title></head><body>
<outline text="Papers"><outline type="rss" text="Post" xmlUrl="https://post.example/rss" htmlUrl="https://post.example/"/>
<outline type="rss" title="Post" text="x" XMLURL="https://post.example/ports"/></outline>
<outline text="Again" xmlUrl="https://post.example/rss"/><outline xmlUrl="https://orle.example/feed"/>
<outline text="a folder without an address"/></body></opml>"""


def write(tmp_path, text, name="sources.toml"):
    path = tmp_path / name
    path.write_text(text, "utf-8") if isinstance(text, str) else path.write_bytes(text)
    return path


def test_toml_names_sources_and_a_relative_path_starts_at_the_file(tmp_path):
    assert read_source_file(write(tmp_path, TOML)) == [
        NewsSource("The Harbour Post", "feed", "https://post.example/rss"),
        NewsSource("Orle", "sitemap", "https://orle.example/sitemap.xml", 7200, ("orle.example",)),
        NewsSource("files", "jsonl", str(tmp_path / "in/day.jsonl")),
    ]


def test_opml_names_each_feed_once_and_no_name_twice(tmp_path):
    found = read_source_file(write(tmp_path, OPML, "feeds.opml"))
    assert [(one.name, one.url) for one in found] == [
        ("Post", "https://post.example/rss"),
        ("Post (2)", "https://post.example/ports"),
        ("orle.example", "https://orle.example/feed"),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "names no source; a source is a table"),
        ("x = 1", "'x': a source is a table"),
        ("source = 5", "a source is a table"),
        ("[[source]]\nname = 'a'", "source 1: url is missing"),
        ("[[source]]\nname = 'a'\nurl = 'post.example'", "begins with http"),
        ("[[source]]\nname = 'a'\nurl = 'ftp://post.example/'", "begins with http"),
        ("[[source]]\nname = ''\nurl = 'https://post.example/'", "a name has 1 to"),
        ("[[source]]\nname = 'a'\nurl = 'https://post.example/'\nkind = 'fax'", "newsfold knows feed, sitemap"),
        ("[[source]]\nname = 'a'\nurl = 'https://post.example/'\ninterval = '5'", "interval '5'"),
        ("[[source]]\nname = 'a'\nurl = 'https://post.example/'\ninterval = '30s'", "a minute at least"),
        ("[[source]]\nname = 'a'\nurl = 'https://post.example/'\nallow = 'x'", "allow is a list"),
        ("[[source]]\nname = 'a'\nurl = 'https://post.example/'\nallow = ['http://x/']", "no name of a host"),
        ("[[source]]\nname = 'a'\nurl = 'https://post.example/'\ncolour = 'red'", "'colour' is no field"),
        ("[[source", "sources.toml"),
        (b"\xff\xfe[", "is not UTF-8"),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path, text, said):
    with pytest.raises(InputError, match=r"sources\.toml") as told:
        read_source_file(write(tmp_path, text))
    assert said in str(told.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<opml><body>", "not well-formed"),
        ("<opml></opml>", "names no source"),
        ('<!DOCTYPE opml [<!ENTITY x SYSTEM "file:///etc/passwd">]><opml>&x;</opml>', "document type"),
        ('<opml><outline xmlUrl="file:///etc/passwd"/></opml>', "begins with http"),
    ],
)
def test_opml_that_is_broken_or_hostile_is_refused(tmp_path, text, said):
    with pytest.raises(InputError, match=said):
        read_source_file(write(tmp_path, text, "feeds.opml"))


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(InputError, match=r"nowhere\.toml: No such file"):
        read_source_file(tmp_path / "nowhere.toml")


@given(st.integers(1, 1000), st.sampled_from("mhd"))
def test_intervals_have_units(number, unit):
    assert seconds(f"{number}{unit}") == number * {"m": 60, "h": 3600, "d": 86400}[unit]
