"""What a page says of itself, from all places together."""

from __future__ import annotations

import html
from collections.abc import Iterable
from datetime import datetime

from etl.parse import address, authors, dating, headline, json_ld, language, shown, standfirst
from etl.parse.page import Page
from etl.records import Block, Element, Metadata
from etl.text import fold_space

_TITLES = ("og:title", "twitter:title", "parsely-title", "sailthru.title", "dc.title")
_DESCRIPTIONS = ("og:description", "description", "twitter:description", "dc.description", "sailthru.description")
_AUTHORS = (
    "author",
    "article:author",
    "parsely-author",
    "sailthru.author",
    "byl",
    "dc.creator",
    "article:author_name",
    "og:article:author",
    "cxenseparse:author",
)
_SECTIONS = ("article:section", "parsely-section", "cxenseparse:section")
_LANGUAGES = ("content-language", "og:locale", "dc.language", "language", "inlanguage")


def describe(
    page: Page, blocks: tuple[Block, ...], elements: tuple[Element, ...], url: str | None, fetched_at: datetime
) -> Metadata:
    """Return the metadata of a page.

    url         the address it was fetched from, if that is known.
    fetched_at  when: dates more than two days later are none.
    """
    canonical = address.canonical(page.canonical, url) or address.canonical(page.first("og:url"), url)
    article = json_ld.article(list(page.nodes), [a for a in (url, canonical) if a])
    tag = _language_tag(page, article)
    host = address.host(url or canonical)
    publisher = _publisher(page, article) or host
    people, agency = _people(page, article, publisher, host)
    descriptions = _clean((*map(page.first, _DESCRIPTIONS), json_ld.text(article.get("description"))))
    title = headline.choose(
        page.headings,
        _unescape(page.first(*_TITLES)),
        json_ld.text(article.get("headline")) or json_ld.text(article.get("name")),
        page.titles,
        _clean((publisher, page.first("og:site_name"), host, (host or "").split(".")[0])),
        address.slug_words(url or canonical),
    )
    spoken = language.code(tag) or language.detect(blocks)
    published, modified = dating.dates(
        page,
        article,
        url or canonical,
        tuple(filter(None, (tag or spoken,))),
        fetched_at,
        lambda read: shown.shown(title, blocks, elements, read),
    )
    return Metadata(
        headline=title,
        standfirst=standfirst.find(descriptions, blocks, elements),
        authors=people,
        published=published,
        modified=modified,
        language=spoken,
        url=url,
        canonical_url=canonical,
        publisher=publisher,
        section=json_ld.text(article.get("articleSection")) or page.first(*_SECTIONS),
        agency=agency,
        description=descriptions[0] if descriptions else None,
        body_text=json_ld.text(article.get("articleBody")),
    )


def _language_tag(page: Page, article: json_ld.Node) -> str | None:
    """Return the first declared language tag that is one."""
    declared = (page.lang, *map(page.first, _LANGUAGES), json_ld.text(article.get("inLanguage")))
    return next((tag.strip() for tag in declared if tag and language.code(tag)), None)


def _publisher(page: Page, article: json_ld.Node) -> str | None:
    named = json_ld.names(article.get("publisher"), list(page.nodes))
    return _unescape(page.first("og:site_name")) or next(iter(named), None)


def _people(
    page: Page, article: json_ld.Node, publisher: str | None, host: str | None
) -> tuple[tuple[str, ...], str | None]:
    """Return the names from the first place that has some, and the agency from the first that credits one.

    Where no place names a person or an agency, the paper itself is the author, if it says so.
    """
    nodes = list(page.nodes)
    tagged = [content for name in _AUTHORS for content in page.meta.get(name, ()) if "://" not in content]
    agency: str | None = None
    credit = json_ld.names(article.get("creditText"), nodes) + json_ld.names(article.get("sourceOrganization"), nodes)
    described = json_ld.names(article.get("author"), nodes) or json_ld.names(article.get("creator"), nodes)
    for texts in (credit, described, tagged, page.bylines):
        people, credited = authors.clean(texts, publisher, host)
        agency = agency or credited
        if people and texts is not credit:
            return people, agency
    paper = authors.collective((*described, *tagged, *page.bylines), publisher, host)
    return ((paper,) if paper else ()), agency


def _unescape(text: str | None) -> str | None:
    """Return the text with entities resolved that were escaped twice."""
    return fold_space(html.unescape(text)) or None if text else None


def _clean(texts: Iterable[str | None]) -> list[str]:
    return list(dict.fromkeys(clean for text in texts if (clean := _unescape(text))))
