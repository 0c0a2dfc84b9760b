"""RSS 0.9x and 2.0, RSS 1.0 (RDF), Atom 0.3 and 1.0, by feedparser, which reads broken ones too."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import feedparser

from etl.dates import moment
from etl.errors import Reject
from etl.feeds.item import FeedItem, Listing
from etl.feeds.json_feed import paragraphs
from etl.feeds.limits import CONTENT_CHARS, DEPTH, FEED_ITEMS, STANDFIRST_CHARS
from etl.feeds.words import address, names, terms, text_of, whole
from etl.records import Moment

Entry = Mapping[str, Any]


def read(markup: str, url: str, fetched_at: datetime, faults: tuple[str, ...]) -> Listing:
    """Return the items of a feed.

    raises  Reject "too-deep": elements inside one another that no feed has.
    """
    _refuse_depth(markup)
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": url}
    found = feedparser.parse(  # a stream: a string that looks like an address would be fetched
        io.BytesIO(markup.encode("utf-8", "replace")),
        response_headers=headers,
        resolve_relative_uris=False,
        sanitize_html=False,
    )
    version = found.get("version") or ""
    entries = found.entries
    if found.get("bozo"):
        faults = (*faults, _fault(found.get("bozo_exception")))
    if len(entries) > FEED_ITEMS:
        faults = (*faults, f"{len(entries) - FEED_ITEMS} items over {FEED_ITEMS} left out")
    read_items = [_item(entry, found.feed, version, url, fetched_at) for entry in entries[:FEED_ITEMS]]
    items = tuple(item for item in read_items if item is not None)
    if len(items) < len(read_items):
        faults = (*faults, f"{len(read_items) - len(items)} items with neither an address nor a text")
    return Listing(_form(version), items, title=text_of(_get(found.feed, "title")), faults=faults)


def _form(version: str) -> str:
    if version.startswith("atom"):
        return "atom"
    return "rdf" if version in ("rss090", "rss10") else "rss"


def _refuse_depth(markup: str) -> None:
    """Refuse nesting beyond any feed's, by a count that errs on the side of reading: end tags may be missing."""
    depth = 0
    at = markup.find("<")
    while at >= 0 and depth <= DEPTH:
        after = markup[at + 1 : at + 2]
        if after == "!" and markup.startswith("<![CDATA[", at):
            at = markup.find("]]>", at)
        elif after == "/":
            depth -= 1
        elif after.isalpha():
            end = markup.find(">", at)
            depth += end > 0 and markup[end - 1] != "/"
        at = markup.find("<", at + 1) if at >= 0 else -1
    if depth > DEPTH:
        raise Reject("read", "too-deep", f"more than {DEPTH} elements inside one another")


def _fault(err: object) -> str:
    said = getattr(err, "getMessage", lambda: str(err))()
    line = getattr(err, "getLineNumber", lambda: None)()
    return f"not well-formed: {' '.join(str(said).split())[:160]}" + (f" (line {line})" if line else "")


def _item(entry: Entry, feed: Entry, version: str, base: str, fetched_at: datetime) -> FeedItem | None:
    url = address(_get(entry, "link"), base)
    content = _content(entry)
    if url is None and content is None:
        return None
    tag = text_of(_get(entry, "language") or _get(feed, "language"))
    published, modified = _dates(entry, version, tag, fetched_at)
    tags = terms(term.get("label") or term.get("term") for term in _dicts(entry, "tags"))
    return FeedItem(
        guid=text_of(_get(entry, "id"), markup=False),
        url=url,
        canonical_url=address(_get(entry, "feedburner_origlink"), base),
        headline=_line(entry, "title"),
        standfirst=_line(entry, "summary", STANDFIRST_CHARS),
        authors=names(_authors(entry)),
        published=published,
        modified=modified,
        section=tags[0] if tags else None,
        keywords=tags,
        content_html=content,
        publisher=text_of(_get(entry, "publisher")) or text_of(_get(_get(entry, "source") or {}, "title")),
        language=tag,
    )


def _get(entry: Entry, name: str) -> Any:  # noqa: ANN401 - whatever the feed holds
    """Return a field as it is: feedparser's own look-up answers with another date where one is missing."""
    return dict.get(entry, name) if isinstance(entry, dict) else None


def _dicts(entry: Entry, name: str) -> list[Entry]:
    value = _get(entry, name)
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _line(entry: Entry, name: str, longest: int = 1_000) -> str | None:
    detail = _get(entry, f"{name}_detail") or {}
    return text_of(_get(entry, name), markup=_get(detail, "type") != "text/plain", longest=longest)


def _authors(entry: Entry) -> list[object]:
    """Return the names; of a single one the field as written, for feedparser cuts mail addresses after four letters."""
    people: list[object] = [name for person in _dicts(entry, "authors") if (name := _get(person, "name"))]
    return people if len(people) > 1 else [_get(entry, "author")]


def _content(entry: Entry) -> str | None:
    """Return the longest text that the entry brings along; a description stands in for a content."""
    texts = [*_dicts(entry, "content"), _get(entry, "summary_detail") or {}]
    found = [(each, value) for each in texts if isinstance(value := _get(each, "value"), str) and value.strip()]
    fitting = [pair for pair in found if len(pair[1]) <= CONTENT_CHARS]
    if not fitting:
        return None
    detail, value = max(fitting, key=lambda pair: len(pair[1]))
    return paragraphs(value) if _get(detail, "type") == "text/plain" else whole(value)


def _dates(entry: Entry, version: str, tag: str | None, fetched_at: datetime) -> tuple[Moment | None, Moment | None]:
    """Return when the entry was published and changed; the one date of RSS (`dc:date` too) is its publication."""
    languages = (tag,) if tag else ("en",)
    published, modified = (
        moment(raw, "feed", languages, fetched_at) if isinstance(raw, str) else None
        for raw in (_get(entry, "published") or _get(entry, "created"), _get(entry, "updated"))
    )
    if published is None and not version.startswith("atom"):
        return modified, None
    return published, modified
