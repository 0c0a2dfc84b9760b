"""Sitemaps, sitemap indexes and news sitemaps (sitemaps.org; Google's news extension), read as a stream."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from lxml import etree

from etl.dates import moment
from etl.feeds.item import Child, FeedItem, Listing
from etl.feeds.limits import SITEMAP_ITEMS
from etl.feeds.words import address, terms, text_of
from etl.records import Moment

_CHUNK_CHARS = 1 << 16
_ENTRIES = ("url", "sitemap")
_LOC = ("loc", "link")


def read(markup: str, base: str, fetched_at: datetime, faults: tuple[str, ...]) -> Listing:
    """Return the addresses of a sitemap, or the sitemaps of an index. Memory does not grow with entries passed."""
    items: dict[str, FeedItem] = {}
    children: dict[str, Child] = {}
    missing = over = 0
    parser = etree.XMLPullParser(
        events=("end",), recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    for name, fields in _entries(parser, markup):
        url = address(fields.get("loc"), base)
        if url is None:
            missing += 1
        elif len(items) + len(children) >= SITEMAP_ITEMS:
            over += 1
        elif name == "sitemap":
            children.setdefault(url, Child(url, _moment(fields.get("lastmod"), None, fetched_at)))
        else:
            items.setdefault(url, _item(url, fields, fetched_at))
    faults = (*faults, *_broken(parser))
    if missing:
        faults = (*faults, f"{missing} entries without an address")
    if over:
        faults = (*faults, f"{over} entries over {SITEMAP_ITEMS} left out")
    form = "sitemap-index" if children and not items else "sitemap"
    return Listing(form, tuple(items.values()), tuple(children.values()), faults=faults)


def _entries(parser: etree.XMLPullParser, markup: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the kind of each entry and its fields by name, whatever their prefixes are."""
    fields: dict[str, str] = {}
    for element in _ends(parser, markup):
        name = _local(element)
        if name in _ENTRIES:
            yield name, fields
            fields = {}
            element.clear()
            _forget_before(element)
        elif name and element.text and "image" not in (element.prefix or ""):
            fields.setdefault(name, element.text)


def _ends(parser: etree.XMLPullParser, markup: str) -> Iterator[etree._Element]:
    for start in range(0, len(markup), _CHUNK_CHARS):
        try:
            parser.feed(markup[start : start + _CHUNK_CHARS].encode("utf-8", "replace"))
        except etree.XMLSyntaxError:  # past mending; what came before is kept, the log tells the fault
            break
        yield from _read(parser)
    yield from _read(parser)


def _read(parser: etree.XMLPullParser) -> Iterator[etree._Element]:
    return (element for _, element in parser.read_events() if isinstance(element, etree._Element))


def _forget_before(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        while element.getprevious() is not None:
            del parent[0]


def _local(element: etree._Element) -> str:
    return element.tag.rpartition("}")[2].rpartition(":")[2].lower() if isinstance(element.tag, str) else ""


def _broken(parser: etree.XMLPullParser) -> tuple[str, ...]:
    errors = [entry for entry in parser.error_log if entry.level >= etree.ErrorLevels.ERROR]
    return (f"not well-formed: {errors[0].message} (line {errors[0].line})",) if errors else ()


def _item(url: str, fields: dict[str, str], fetched_at: datetime) -> FeedItem:
    tag = text_of(fields.get("language"))
    words = terms((fields.get("keywords") or "").split(","))
    return FeedItem(
        url=url,
        headline=text_of(fields.get("title")),
        published=_moment(fields.get("publication_date"), tag, fetched_at),
        modified=_moment(fields.get("lastmod"), tag, fetched_at),
        keywords=words,
        publisher=text_of(fields.get("name")),
        language=tag,
    )


def _moment(value: str | None, tag: str | None, fetched_at: datetime) -> Moment | None:
    return moment(value, "feed", (tag,) if tag else ("en",), fetched_at) if value else None
