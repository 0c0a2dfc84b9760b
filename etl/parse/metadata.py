"""What a page says of itself, from all places together."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from etl.parse import access, address, authors, dating, headline, json_ld, keywords, language, shown, standfirst
from etl.parse.page import Page
from etl.records import Block, Element, Metadata
from etl.text import normal_form

Found = tuple[str | None, str]  # a value, and its origin; (None, "") where there is none

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
    """Return the metadata of a page, with the origin of each field.

    url         the address it was fetched from, if that is known.
    fetched_at  when: dates more than two days later are none.
    """
    canonical = _canonical(page, url)
    here = url or canonical[0]
    article = json_ld.article(list(page.nodes), [a for a in (url, canonical[0]) if a])
    tag, declared_in = _language_tag(page, article)
    spoken, declared = _language(tag, blocks)
    publisher = _publisher(page, article, address.host(here))
    descriptions = _descriptions(page, article)
    title = _headline(page, article, publisher[0], here)
    people, signed_in, agency = _people(
        page, article, publisher[0], address.host(here), lambda: shown.bylines(title[0], blocks, elements)
    )
    languages = tuple(filter(None, (spoken, declared) if declared else (tag or spoken,)))
    published, modified = dating.dates(
        page, article, here, languages, fetched_at, lambda read: shown.shown(title[0], blocks, elements, read)
    )
    first = standfirst.find(list(descriptions), blocks, elements)
    section = _first(
        (json_ld.text(article.get("articleSection")), "json-ld"), (_unescape(page.first(*_SECTIONS)), "meta")
    )
    words, free = keywords.keywords(page, article), access.is_free(page, article)
    origins = {
        "headline": title[1],
        "standfirst": first and _origin_of(first, descriptions),
        "authors": signed_in,
        "language": spoken and ("detected" if declared or not tag else declared_in),
        "canonical_url": canonical[1],
        "publisher": publisher[1],
        "section": section[1],
        "keywords": words[1],
        "is_accessible_for_free": free[1],
        "agency": agency[1],
    }
    return Metadata(
        headline=title[0],
        standfirst=first,
        authors=people,
        published=published,
        modified=modified,
        language=spoken,
        declared_language=declared,
        url=url,
        canonical_url=canonical[0],
        publisher=publisher[0],
        section=section[0],
        keywords=words[0],
        is_accessible_for_free=free[0],
        agency=agency[0],
        origins={name: origin for name, origin in origins.items() if origin},
        description=next(iter(descriptions), None),
        body_text=json_ld.text(article.get("articleBody")),
    )


def _first(*places: Found) -> Found:
    """Return the first value there is, and its origin."""
    return next((found for found in places if found[0]), (None, ""))


def _canonical(page: Page, url: str | None) -> Found:
    claims = ((page.canonical, "link"), (page.first("og:url"), "og"))
    return next(((found, origin) for claim, origin in claims if (found := address.canonical(claim, url))), (None, ""))


def _headline(page: Page, article: json_ld.Node, publisher: str | None, here: str | None) -> Found:
    """Return the headline and the first of the places that say it, or say it with something around it."""
    host = address.host(here)
    shared = _unescape(page.first(*_TITLES))
    described = json_ld.text(article.get("headline")) or json_ld.text(article.get("name"))
    site = filter(None, map(_unescape, (publisher, page.first("og:site_name"), host, (host or "").split(".")[0])))
    title = headline.choose(page.headings, shared, described, page.titles, list(site), address.slug_words(here))
    places = [*((text, "h1") for text in page.headings), (shared, "og" if page.first("og:title") else "meta")]
    said = (place for place in [*places, (described, "json-ld")] if title and title in (place[0] or ""))
    return title, next((origin for _, origin in said), "title" if title else "")


def _descriptions(page: Page, article: json_ld.Node) -> dict[str, str]:
    """Return what describes the page, the most trusted first, and the origin of each."""
    stated = [(_unescape(page.first(name)), name.split(":")[0]) for name in _DESCRIPTIONS]
    found: dict[str, str] = {}
    for text, origin in (*stated, (json_ld.text(article.get("description")), "json-ld")):
        if text:
            found.setdefault(text, origin if origin in ("og", "json-ld") else "meta")
    return found


def _origin_of(text: str, descriptions: dict[str, str]) -> str:
    """Return the origin of the description that a text on the page says."""
    key = normal_form(text)
    return next((origin for each, origin in descriptions.items() if normal_form(each) == key), "text")


def _language(tag: str | None, blocks: tuple[Block, ...]) -> tuple[str | None, str | None]:
    """Return the language of the page, and the declared one where the text is plainly not in it."""
    declared = language.code(tag)
    if declared is None:
        return language.detect(blocks), None
    spoken = language.contradicted(declared, blocks)
    return (spoken, declared) if spoken else (declared, None)


def _language_tag(page: Page, article: json_ld.Node) -> Found:
    """Return the first declared language tag that is one."""
    metas = [(page.first(name), "og" if name.startswith("og:") else "meta") for name in _LANGUAGES]
    declared = ((page.lang, "html"), *metas, (json_ld.text(article.get("inLanguage")), "json-ld"))
    return next(((tag.strip(), origin) for tag, origin in declared if tag and language.code(tag)), (None, ""))


def _publisher(page: Page, article: json_ld.Node, host: str | None) -> Found:
    named = json_ld.names(article.get("publisher"), list(page.nodes))
    return _first((_unescape(page.first("og:site_name")), "og"), (next(iter(named), None), "json-ld"), (host, "url"))


def _people(
    page: Page, article: json_ld.Node, publisher: str | None, host: str | None, signed: Callable[[], list[str]]
) -> tuple[tuple[str, ...], str, Found]:
    """Return the names from the first place that has some, that place, and the agency that is credited first.

    Where no place names a person, the name of a user is the author, else the paper itself, if it says so.

    signed  returns the lines beside the headline that look like a byline; asked where no tag names a person.
    """
    nodes = list(page.nodes)
    tagged = [content for name in _AUTHORS for content in page.meta.get(name, ()) if "://" not in content]
    credit = json_ld.names(article.get("creditText"), nodes) + json_ld.names(article.get("sourceOrganization"), nodes)
    described = json_ld.names(article.get("author"), nodes) or json_ld.names(article.get("creator"), nodes)
    named = [(described, "json-ld"), (tagged, "meta"), *((list(texts), "byline") for texts in page.bylines)]
    agency: Found = (None, "")
    for texts, origin in [(credit, "json-ld"), *named, (None, "text")]:
        people, credited = authors.clean(signed() if texts is None else texts, publisher, host)
        agency = _first(agency, (credited, origin))
        if people and texts is not credit:
            return people, origin, agency
    called = [(authors.nickname(texts, publisher, host), origin) for texts, origin in named]
    papers = [(authors.collective(texts, publisher, host), origin) for texts, origin in named]
    one, origin = _first(*called, *papers)
    return ((one,) if one else ()), origin, agency


def _unescape(text: str | None) -> str | None:
    """Return the text of a tag as plain text, None where nothing is left."""
    return json_ld.plain(text) or None if text else None
