"""The sitemaps that an index names: which are to be read now, and what is remembered of each.

A sitemap is read again when its index gives it another date, and at every poll where the index gives none. Of a
large index some are read at each poll, the latest first, until none is left.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import sha256

from etl.feeds import Child
from etl.fetch import Fetched, Request

AT_ONCE = 50  # sitemaps of one index that are read in a poll
MOST = 2_000  # that are remembered, the latest

Part = Mapping[str, str]  # dated, read_as (the date it was read for), etag, last_modified, sha256, items
Parts = Mapping[str, Part]  # by address


def renewed(children: Iterable[Child], before: Parts) -> Parts:
    """Return the sitemaps that an index names now, with what is known of them."""
    dated = {child.url: child.modified.iso() if child.modified else "" for child in children}
    latest = sorted(dated, key=lambda url: (dated[url], url), reverse=True)[:MOST]
    return {url: {**before.get(url, {}), "dated": dated[url]} for url in latest}


def due(parts: Parts) -> list[str]:
    """Return the sitemaps to be read now, the latest first."""
    waiting = [url for url, part in parts.items() if not part.get("dated") or part.get("read_as") != part["dated"]]
    return sorted(waiting, key=lambda url: (parts[url].get("dated", ""), url), reverse=True)[:AT_ONCE]


def request_for(url: str, parts: Parts) -> Request:
    """Return the request that asks for a sitemap, conditionally where it was read before."""
    part = parts[url]
    return Request(url, part.get("etag"), part.get("last_modified"), part.get("sha256"))


def learned(part: Part, fetched: Fetched, items: int | None) -> Part:
    """Return what to remember of a sitemap that was read, or is as it was (items: None)."""
    marks = {"etag": fetched.etag, "last_modified": fetched.last_modified, "read_as": part.get("dated", "")}
    if items is not None:
        marks |= {"sha256": sha256(fetched.body).hexdigest(), "items": str(items)}
    return {**part, **{name: value for name, value in marks.items() if value is not None}}


def refused_part(part: Part, final: bool) -> Part:
    """Return what to remember of a sitemap that could not be read; one that may come yet stays due."""
    return {**part, "read_as": part.get("dated", "")} if final else part


def total_items(parts: Parts) -> int:
    """Return how many items all sitemaps of an index hold, as far as they were read."""
    return sum(int(part.get("items", 0)) for part in parts.values())
