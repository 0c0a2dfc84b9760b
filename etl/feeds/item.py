"""What a feed or a sitemap says: the items it lists, the further lists it names, and what was wrong with it."""

from __future__ import annotations

from dataclasses import dataclass

from etl.records import Moment


@dataclass(frozen=True, slots=True)
class FeedItem:
    """One entry as its list gives it, white space folded. At least one of url and content_html is set."""

    guid: str | None = None  # the list's own id of the entry, as written
    url: str | None = None  # absolute, http or https
    canonical_url: str | None = None  # the address behind a counting or shortening one, where the list names it
    headline: str | None = None  # text
    standfirst: str | None = None  # text
    authors: tuple[str, ...] = ()
    published: Moment | None = None
    modified: Moment | None = None
    section: str | None = None
    keywords: tuple[str, ...] = ()
    content_html: str | None = None  # the fullest text the entry brings along, as HTML, not made safe
    publisher: str | None = None  # of this entry, where it names one
    language: str | None = None  # tag as written, of the entry or else of the list


@dataclass(frozen=True, slots=True)
class Child:
    """One sitemap that a sitemap index names."""

    url: str
    modified: Moment | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """A feed or a sitemap, read."""

    form: str  # rss, atom, rdf, json-feed, sitemap, sitemap-index, url-list
    items: tuple[FeedItem, ...] = ()  # in the order of the list
    children: tuple[Child, ...] = ()  # of a sitemap index only
    title: str | None = None
    faults: tuple[str, ...] = ()  # what was wrong with it, for people; empty: nothing
