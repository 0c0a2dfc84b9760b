"""What a page says of itself, as found: meta tags, titles, times, bylines, JSON-LD. Read before the tree is pruned."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from lxml import etree

from etl.parse import json_ld
from etl.text import fold_space


@dataclass(frozen=True, slots=True)
class Time:
    """One <time> element or a dated itemprop."""

    stamp: str  # its datetime or content attribute; "" if it has none
    text: str
    names: str  # class, itemprop and pubdate, lower case
    in_article: bool  # inside <article>, <main> or <header>


@dataclass(frozen=True, slots=True)
class Page:
    """Facts as written, entities resolved and white space folded, in document order."""

    meta: Mapping[str, Sequence[str]]  # name, property or itemprop, lower case -> contents
    titles: tuple[str, ...]  # <title>
    headings: tuple[str, ...]  # <h1>
    lang: str | None  # <html lang>
    canonical: str | None  # <link rel=canonical>
    times: tuple[Time, ...]
    bylines: tuple[tuple[str, ...], ...]  # texts of elements that name an author, kind by kind, the surest first
    nodes: tuple[json_ld.Node, ...]

    def first(self, *names: str) -> str | None:
        """Return the first content of the first of these meta tags that has one."""
        return next((content for name in names for content in self.meta.get(name, ())), None)


_KEPT = ("meta", "title", "h1", "link", "script")
_ITEMPROPS = frozenset(("author", "datePublished", "dateModified", "dateCreated"))
_DATED = ("date", "Publ", "issued")
_AUTHORS = ("uthor", "utor", "uteur")
_IN_ARTICLE = etree.XPath("boolean(ancestor::*[self::article or self::main or self::header])")
_AUTHOR_PAGE = re.compile(r"/(?:author|autor|auteur)(?:s|e?n|es)?/[^/?]*[^\W\d_]")
# Surest first: what is meant for machines, then what is called a byline, then what is called an author.
_BYLINE_KINDS: tuple[Callable[[etree._Element], bool], ...] = (
    lambda e: e.get("itemprop") == "author",
    lambda e: "author" in (e.get("rel") or "").split(),
    lambda e: "byline" in _class(e),
    lambda e: re.search(r"author[-_]*name", _class(e)) is not None,
    lambda e: "author" in _class(e),
    lambda e: re.search(r"(?<![a-z])(?:autor|auteur|redakteur|verfasser)", _class(e)) is not None,
    lambda e: e.tag == "a" and _AUTHOR_PAGE.search(e.get("href") or "") is not None,
)
_NOT_SHOWN = frozenset(("meta", "link", "script", "body", "html", "input", "textarea", "label", "button"))
# What holds the headline is the page itself: some frameworks put all of it into a form.
_IN_COMMENTS = etree.XPath(
    "boolean(ancestor-or-self::*[self::form or contains(@class, 'comment') or contains(@id, 'comment')"
    " or @id = 'respond' or @class = 'respond'][not(.//h1)])"
)
_MOST_BYLINES = 4
_MOST_KINDS = 2  # where these name nobody, another does hardly ever
_SILENT = frozenset(("script", "style", "title", etree.Comment, etree.ProcessingInstruction))
_LONGEST_BYLINE = 200  # characters; longer ones are biographies
_MOST = 40  # of one kind; more say nothing more, and nested ones cost their product


def facts(root: etree._Element) -> Page:
    """Return what the page says of itself."""
    kept, named = _sorted_out(root)
    scripts = (e.text or "" for e in kept["script"] if "ld+json" in (e.get("type") or ""))
    return Page(
        meta=_meta(kept["meta"]),
        titles=_texts(kept["title"]),
        headings=_texts(kept["h1"]),
        lang=root.get("lang") or root.get("xml:lang"),
        canonical=next((href for link in kept["link"] if (href := _canonical(link))), None),
        times=tuple(_time(element) for element in islice(filter(_is_dated, named), _MOST)),
        bylines=_bylines(named),
        nodes=tuple(json_ld.nodes(scripts)),
    )


def _sorted_out(root: etree._Element) -> tuple[dict[str, list[etree._Element]], list[etree._Element]]:
    """Return the elements of the kinds that are kept, and those that may name an author or a date.

    One loop, though a long one: paths would each go through the whole tree, and take twice as long together.
    """
    kept: dict[str, list[etree._Element]] = {tag: [] for tag in _KEPT}
    named = []
    for element in root.iter():
        tag, get = element.tag, element.get
        if tag in kept:
            kept[tag].append(element)
        if tag in _NOT_SHOWN:
            continue
        if (
            ((names := get("class")) and _calls_author(names))
            or get("itemprop") in _ITEMPROPS
            or ((names := get("rel")) and "author" in names)
            or ((names := get("property")) and any(word in names for word in _DATED))
            or (tag == "a" and (href := get("href")) and "/aut" in href and any(word in href for word in _AUTHORS))
            or tag == "time"
            or (tag == "abbr" and get("title") is not None)
        ):
            named.append(element)
    return kept, named


@lru_cache(maxsize=4_096)
def _calls_author(names: str) -> bool:
    """Return whether a class may be that of a byline; the quick tests first."""
    return (
        "yline" in names
        or ("ut" in names and any(word in names for word in _AUTHORS))
        or "edakteur" in names
        or "erfasser" in names
    )


def _canonical(link: etree._Element) -> str | None:
    return link.get("href") if "canonical" in (link.get("rel") or "").lower().split() else None


def _is_dated(element: etree._Element) -> bool:
    names = element.get("itemprop") or element.get("property") or ""
    return element.tag in ("time", "abbr") or re.search(r"\bdate|publ|issued", names) is not None


def _class(element: etree._Element) -> str:
    return (element.get("class") or "").lower()


def _meta(elements: Iterable[etree._Element]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for element in elements:
        content = fold_space(element.get("content") or "")
        name = element.get("property") or element.get("name") or element.get("itemprop") or element.get("http-equiv")
        if name and content:
            contents = found.setdefault(name.strip().lower(), [])
            if len(contents) < _MOST:
                contents.append(content)
    return found


def _texts(elements: Iterable[etree._Element]) -> tuple[str, ...]:
    """Return the texts of the elements, without those inside <svg>."""
    texts = (
        _text(e)
        for e in islice(elements, _MOST)
        if (parent := e.getparent()) is None or parent.tag not in ("svg", "symbol", "g")
    )
    return tuple(dict.fromkeys(text for text in texts if text))


def _text(element: etree._Element) -> str:
    """Return the text of the element, a space at each tag, without scripts and styles."""
    if not len(element):
        return fold_space(element.text or "")
    parts = [element.text or ""]
    for inner in element.iterdescendants():
        if inner.tag not in _SILENT:
            parts.append(inner.text or "")
        parts.append(inner.tail or "")
    return fold_space(" ".join(parts))


def _time(element: etree._Element) -> Time:
    names = " ".join(element.get(name) or "" for name in ("class", "itemprop", "property", "id"))
    names += " pubdate" if "pubdate" in element.attrib else ""
    stamp = element.get("datetime") or element.get("content") or element.get("title") or ""
    return Time(stamp.strip(), _text(element), names.lower(), _IN_ARTICLE(element) is True)


def _bylines(elements: list[etree._Element]) -> tuple[tuple[str, ...], ...]:
    """Return the texts of each kind of byline that the page has: of the first one, and of those beside it."""
    found: list[tuple[str, ...]] = []
    for is_kind in _BYLINE_KINDS:
        if len(found) == _MOST_KINDS:
            break
        named = [
            (e, text)
            for e in islice(filter(is_kind, elements), _MOST)
            if 0 < len(text := _credit(e)) <= _LONGEST_BYLINE and not _IN_COMMENTS(e)
        ]
        home = _grandparent(named[0][0]) if named else None
        texts = tuple(dict.fromkeys(text for e, text in named if _grandparent(e) is home))
        if texts and (not found or len(texts) < _MOST_BYLINES):  # so many are the authors of the site
            found.append(texts[:_MOST_BYLINES])
    return tuple(found)


def _grandparent(element: etree._Element) -> etree._Element | None:
    parent = element.getparent()
    return None if parent is None else parent.getparent()


def _credit(element: etree._Element) -> str:
    return element.get("content") or _named(element) or _linked(element) or _text(element)


def _linked(element: etree._Element) -> str:
    """Return the texts of the links inside the element, parted by semicolons, if they are several and most of it."""
    links = [text for link in islice(element.iterdescendants("a"), _MOST) if (text := _text(link))]
    whole = sum(map(len, links))
    return "; ".join(links) if len(links) > 1 and whole * 2 > len(_text(element)) else ""


def _named(element: etree._Element) -> str:
    """Return what stands in an itemprop="name" inside the element."""
    inner = element.find(".//*[@itemprop='name']")
    return (inner.get("content") or _text(inner)) if inner is not None else ""
