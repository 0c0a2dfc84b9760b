"""From an item of a list to what is remembered of it: one key however its list changes, and a digest of what it says.

The document of an item is a JSON record, as any line of a JSONL file: what the list says of it, and its page. So it
can be cleaned again with the metadata it came with.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from etl.feeds import FeedItem
from etl.fetch import Fetched
from etl.parse.address import host, is_web, normalised
from etl.records import RawDocument

MEDIA_TYPE = "application/json"
_OF_THE_WORLD = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")  # tag:, urn:, http: an id that no other list gives away
_PAGE_FIELDS = ("guid", "canonical_url", "headline", "authors", "published_at", "modified_at")  # a page has the rest

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """An item of a list, to be remembered."""

    key: str  # hex: of its guid, else its canonical address, else its address, else its text
    url: str | None  # where its page is
    url_hash: str | None  # hex, of the address in its one form: the same page in two lists has the same
    revision: str  # hex, of all it says
    record: Record  # JSON-able: what it says, by the names of a JSONL record


def entry(item: FeedItem, list_url: str) -> Entry:
    """Return what is remembered of an item."""
    record = _record(item, list_url)
    one_form = normalised(item.canonical_url) or normalised(item.url)
    key = record.get("guid") or one_form or _content(item)
    return Entry(_hash(key), item.url, one_form and _hash(one_form), _hash(_json(record)), record)


def page_document(record: Mapping[str, Any], source: str, page: Fetched) -> RawDocument:
    """Return the document of an item whose page was read; it goes by the address where the redirects ended."""
    said = {name: record[name] for name in _PAGE_FIELDS if record.get(name)}
    return RawDocument(
        page.final_url,
        _json(said | {"url": page.final_url} | _page(page)),
        MEDIA_TYPE,
        page.fetched_at,
        source,
        robots=page.robots,
        redirects=tuple((hop.status, hop.to) for hop in page.redirects),
    )


def own_document(
    list_url: str, record: Mapping[str, Any], why: str, fetched_at: datetime, source: str
) -> RawDocument | None:
    """Return the document of an item whose page cannot be had, from its own fields; None where it has no text.

    why  the page could not be had; stands in the record beside "text_from".
    """
    text = record.get("content_html") or html.escape(record.get("standfirst") or "")
    if not text:
        return None
    said = {name: value for name, value in record.items() if name not in ("content_html", "standfirst")}
    said |= {"html": f"<article>{text}</article>", "text_from": "feed", "page": why}
    return RawDocument(own_uri(list_url, record), _json(said), MEDIA_TYPE, fetched_at, source)


def own_uri(list_url: str, record: Mapping[str, Any]) -> str:
    """Return where an item itself stands: the address of its list, and its id there."""
    return f"{list_url}#{record.get('guid') or record.get('url') or _hash(_json(record))[:32]}"


def _record(item: FeedItem, list_url: str) -> Record:
    fields = {
        "guid": _guid(item, list_url),
        "url": item.url,
        "canonical_url": item.canonical_url,
        "headline": item.headline,
        "standfirst": item.standfirst,
        "authors": list(item.authors),
        "published_at": item.published and item.published.raw,
        "modified_at": item.modified and item.modified.raw,
        "section": item.section,
        "keywords": list(item.keywords),
        "publisher": item.publisher,
        "language": item.language,
        "content_html": item.content_html,
    }
    return {name: value for name, value in fields.items() if value}


def _guid(item: FeedItem, list_url: str) -> str | None:
    """Return the id in a form that no other list gives away: an address in its one form, a number with its host."""
    if not item.guid:
        return None
    if is_web(item.guid):
        return normalised(item.guid) or item.guid
    if _OF_THE_WORLD.fullmatch(item.guid):
        return item.guid
    return f"{host(item.url) or host(list_url) or list_url}#{item.guid}"


def _content(item: FeedItem) -> str:
    return f"{item.headline or ''}\n{item.content_html or ''}"


def _page(page: Fetched) -> Record:
    """Return the fields of a page: as text where it is UTF-8, else as the bytes that came."""
    try:
        return {"text" if page.media_type == "text/plain" else "html": page.body.decode("utf-8")}
    except UnicodeDecodeError:
        packed = {"html_b64": base64.b64encode(page.body).decode("ascii")}
        return packed | ({"charset": page.charset} if page.charset else {})


def _json(record: Mapping[str, Any]) -> bytes:
    return json.dumps(record, ensure_ascii=False, sort_keys=True).encode("utf-8", "replace")


def _hash(value: str | bytes) -> str:
    return hashlib.sha256(value.encode("utf-8", "replace") if isinstance(value, str) else value).hexdigest()
