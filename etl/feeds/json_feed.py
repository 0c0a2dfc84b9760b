"""JSON Feed 1 and 1.1 (jsonfeed.org)."""

from __future__ import annotations

import html
import json
from datetime import datetime
from typing import Any

from etl.dates import moment
from etl.errors import Reject
from etl.feeds.item import FeedItem, Listing
from etl.feeds.limits import CONTENT_CHARS, FEED_ITEMS, LINE_CHARS, STANDFIRST_CHARS
from etl.feeds.words import address, names, terms, text_of, whole
from etl.records import Moment


def read(text: str, url: str, fetched_at: datetime, faults: tuple[str, ...]) -> Listing:
    """Return the items of a JSON Feed; an entry that is none is left out and counted.

    raises  Reject "json", "no-list".
    """
    try:
        feed = json.loads(text, strict=False)
    except (ValueError, RecursionError) as err:
        raise Reject("read", "json", f"the JSON breaks off: {err}") from None
    entries = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(feed, dict) or not isinstance(entries, list):
        raise Reject("read", "no-list", "JSON, but not a JSON Feed: no list of items in it")
    if "jsonfeed.org/version/" not in str(feed.get("version")):
        faults = (*faults, f"no version of JSON Feed named, but {str(feed.get('version'))[:40]!r}")
    if len(entries) > FEED_ITEMS:
        faults = (*faults, f"{len(entries) - FEED_ITEMS} items over {FEED_ITEMS} left out")
    read_items = [_item(entry, feed, url, fetched_at) for entry in entries[:FEED_ITEMS]]
    items = tuple(item for item in read_items if item is not None)
    if len(items) < len(read_items):
        faults = (*faults, f"{len(read_items) - len(items)} items with neither an address nor a text")
    return Listing("json-feed", items, title=text_of(feed.get("title"), markup=False), faults=faults)


def _item(entry: object, feed: dict[str, Any], base: str, fetched_at: datetime) -> FeedItem | None:
    if not isinstance(entry, dict):
        return None
    tag = text_of(entry.get("language") or feed.get("language"), markup=False)
    url = address(entry.get("url"), base) or address(entry.get("id"))
    content = _content(entry)
    if url is None and content is None:
        return None
    tags = terms(_list(entry.get("tags")))
    return FeedItem(
        guid=_guid(entry.get("id")),
        url=url,
        headline=text_of(entry.get("title"), markup=False),
        standfirst=text_of(entry.get("summary"), longest=STANDFIRST_CHARS),
        authors=names(_author_names(entry) or _author_names(feed)),
        published=_moment(entry.get("date_published"), tag, fetched_at),
        modified=_moment(entry.get("date_modified"), tag, fetched_at),
        section=tags[0] if tags else None,
        keywords=tags,
        content_html=content,
        language=tag,
    )


def _guid(value: object) -> str | None:
    """Return the id; the standard wants a string, and numbers are common."""
    plain = isinstance(value, int | float) and not isinstance(value, bool)
    return text_of(str(value) if plain else value, markup=False, longest=LINE_CHARS)


def _content(entry: dict[str, Any]) -> str | None:
    for name in ("content_html", "content_text", "summary"):
        value = entry.get(name)
        if isinstance(value, str) and value.strip() and len(value) <= CONTENT_CHARS:
            return whole(value) if name == "content_html" else paragraphs(value)
    return None


def paragraphs(text: str) -> str:
    """Return plain text as HTML, a paragraph for each run of lines."""
    return "".join(f"<p>{html.escape(whole(part))}</p>" for part in text.split("\n\n") if part.strip())


def _author_names(holder: dict[str, Any]) -> list[object]:
    people = [*_list(holder.get("authors")), holder.get("author")]  # 1.1, then 1.0
    return [person.get("name") if isinstance(person, dict) else person for person in people if person]


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _moment(value: object, tag: str | None, fetched_at: datetime) -> Moment | None:
    return moment(value, "feed", (tag,) if tag else ("en",), fetched_at) if isinstance(value, str) else None
