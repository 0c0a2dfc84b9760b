"""One list of whatever form, told by what it is and not by what it is called."""

from __future__ import annotations

from datetime import datetime

from etl.errors import Reject
from etl.feeds import json_feed, sitemap, url_list, xml_feed
from etl.feeds.item import Listing
from etl.feeds.limits import FEED_BYTES, SITEMAP_BYTES
from etl.feeds.markup import decode, root, unpack

_SITEMAPS = ("urlset", "sitemapindex")


def read_listing(body: bytes, url: str, fetched_at: datetime, charset: str | None = None) -> Listing:
    """Return what a feed or a sitemap lists.

    url         where it was fetched: relative addresses in it start there.
    fetched_at  dates in a list that lie after it are none.
    charset     declared by the transport, if it did.
    raises      Reject at stage "read": empty, html, no-list, entities, json, gzip or too-large.
    """
    text, fault = decode(unpack(body, SITEMAP_BYTES), charset)
    text = text.strip().lstrip("\ufeff")
    if not text:
        raise Reject("read", "empty", f"{len(body)} bytes without a word")
    faults = (fault,) if fault else ()
    if text.startswith(("{", "[")):
        _within(text, FEED_BYTES)
        return json_feed.read(text, url, fetched_at, faults)
    if url_list.looks_like_one(text):
        return url_list.read(text, faults)
    name, markup = root(text)
    if name in _SITEMAPS:
        return sitemap.read(markup, url, fetched_at, faults)
    _within(markup, FEED_BYTES)
    return xml_feed.read(markup, url, fetched_at, faults)


def _within(text: str, max_bytes: int) -> None:
    if len(text) > max_bytes:
        raise Reject("read", "too-large", f"the feed is over {max_bytes >> 20} MiB")
