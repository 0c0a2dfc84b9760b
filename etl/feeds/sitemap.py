"""Sitemaps, sitemap indexes and news sitemaps (sitemaps.org; Google's news extension), read as a stream.

By expat, not by a tree: one entry is in memory at a time. No entity is declared in what comes here.
"""

from __future__ import annotations

import re
from datetime import datetime
from xml.parsers import expat

from etl.dates import moment
from etl.feeds.item import Child, FeedItem, Listing
from etl.feeds.limits import ADDRESS_CHARS, SITEMAP_ITEMS
from etl.feeds.words import address, terms, text_of
from etl.records import Moment

_BARE_AMPERSAND = re.compile(r"&(?!(?:#\d{1,7}|#x[\da-fA-F]{1,6}|amp|lt|gt|quot|apos);)")
_ENTRIES = ("url", "sitemap")
_PIECES = 200  # of one text: expat gives a text in pieces


def read(markup: str, base: str, fetched_at: datetime, faults: tuple[str, ...]) -> Listing:
    """Return the addresses of a sitemap, or the sitemaps of an index; of a broken one those before the fault."""
    mended = _BARE_AMPERSAND.sub("&amp;", markup)
    if mended != markup:
        faults = (*faults, "an & that is not written &amp;")
    reader = _Reader(base, fetched_at)
    try:
        reader.read(mended)
    except expat.ExpatError as err:
        faults = (*faults, f"not well-formed: {expat.ErrorString(err.code)} (line {err.lineno})")
    if reader.missing:
        faults = (*faults, f"{reader.missing} entries without an address")
    if reader.over:
        faults = (*faults, f"{reader.over} entries over {SITEMAP_ITEMS} left out")
    form = "sitemap-index" if reader.children and not reader.items else "sitemap"
    return Listing(form, tuple(reader.items.values()), tuple(reader.children.values()), faults=faults)


class _Reader:
    """What expat tells, gathered entry by entry; names go without their prefixes, whatever these are."""

    def __init__(self, base: str, fetched_at: datetime) -> None:
        self.items: dict[str, FeedItem] = {}
        self.children: dict[str, Child] = {}
        self.missing = self.over = 0
        self._base, self._fetched_at = base, fetched_at
        self._fields: dict[str, str] = {}
        self._text: list[str] = []

    def read(self, markup: str) -> None:
        """Read all of it. raises ExpatError."""
        parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._data
        parser.Parse(markup.encode("utf-8", "replace"), True)

    def _start(self, name: str, _: object) -> None:
        self._text = []
        if _local(name) in _ENTRIES:
            self._fields = {}

    def _data(self, text: str) -> None:
        if len(self._text) < _PIECES:
            self._text.append(text[: 2 * ADDRESS_CHARS])

    def _end(self, name: str) -> None:
        local = _local(name)
        if local in _ENTRIES:
            self._entry(local)
        elif not name.startswith(("image:", "video:")) and (text := "".join(self._text).strip()):
            self._fields.setdefault(local, text)
        self._text = []

    def _entry(self, kind: str) -> None:
        url = address(self._fields.get("loc"), self._base)
        if url is None:
            self.missing += 1
        elif len(self.items) + len(self.children) >= SITEMAP_ITEMS:
            self.over += 1
        elif kind == "sitemap":
            self.children.setdefault(url, Child(url, _moment(self._fields.get("lastmod"), None, self._fetched_at)))
        else:
            self.items.setdefault(url, _item(url, self._fields, self._fetched_at))


def _local(name: str) -> str:
    return name.rpartition(":")[2].lower()


def _item(url: str, fields: dict[str, str], fetched_at: datetime) -> FeedItem:
    tag = text_of(fields.get("language"))
    return FeedItem(
        url=url,
        headline=text_of(fields.get("title")),
        published=_moment(fields.get("publication_date"), tag, fetched_at),
        modified=_moment(fields.get("lastmod"), tag, fetched_at),
        keywords=terms((fields.get("keywords") or "").split(",")),
        publisher=text_of(fields.get("name")),
        language=tag,
    )


def _moment(value: str | None, tag: str | None, fetched_at: datetime) -> Moment | None:
    return moment(value, "feed", (tag,) if tag else ("en",), fetched_at) if value else None
