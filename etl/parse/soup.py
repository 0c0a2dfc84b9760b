"""A second pair of eyes: markup so broken that lxml loses text is mended by BeautifulSoup, and read by lxml again.

libxml2 and Python's html.parser give way at different faults: a quote that is never closed, thousands of <b> inside
one another. What hides text from both, an opening that is never closed, goes first.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from etl.parse.tree import DROPPED

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

MOST_CHARS = 2_000_000  # of markup; html.parser and BeautifulSoup take five times as long as lxml for all of it
MOST_TAGS = 30_000  # twice what the largest page seen has; BeautifulSoup takes two kilobytes for each

_SWALLOWING = re.compile(rf"<(/?)({'|'.join(sorted(DROPPED))})\b", re.IGNORECASE)
# A tag, its quotes heeded if they end where a value may end; or what is none for want of an end. html.parser looks for
# that up to the end of the page, for each of them again.
_TAG = re.compile(
    r"""(<[a-zA-Z/](?:[^<>"']++|"[^"]*+"(?=[\s/>])|'[^']*+'(?=[\s/>]))*+>|<[a-zA-Z/][^<>]*+>)|<(?=[a-zA-Z/])"""
)
_DECLARATION = re.compile(r"<(?:!\[CDATA\[|[!?][^<>]*+>?)")
_FORMATTING = re.compile(r"</?(?:b|big|em|font|i|s|small|strike|strong|sub|sup|tt|u)(?:\s[^<>]*)?>", re.IGNORECASE)


def is_small(text: str) -> bool:
    """Return whether the markup is small enough to be mended."""
    return len(text) <= MOST_CHARS and text.count("<") <= MOST_TAGS


def mended(text: str) -> str:
    """Return the markup with what swallows text taken out and every tag closed."""
    from bs4 import BeautifulSoup  # few pages need it, and every start would pay for it

    text = _without_unclosed(_DECLARATION.sub("", without_comments(text)))
    text = _TAG.sub(lambda tag: tag[1] or "&lt;", text)
    soup = BeautifulSoup(_FORMATTING.sub("", text), "html.parser")
    _show_paragraphs(soup)
    return str(soup)


def _show_paragraphs(soup: BeautifulSoup) -> None:
    """Make a <div> of each element that is never shown, if most of the page's paragraphs stand in such ones."""
    holders: dict[int, Tag | None] = {id(soup): None}  # of each element, the innermost around it that is not shown
    chars = {True: 0, False: 0}
    for element in soup.find_all(True):
        above = holders[id(element.parent)]
        holder = holders[id(element)] = element if element.name in DROPPED else above
        if element.name == "p":
            chars[holder is not None] += sum(len(text) for text in element.contents if isinstance(text, str))
    if chars[True] > chars[False]:
        for paragraph in soup.find_all("p"):
            hiding = holders[id(paragraph)]
            while hiding is not None and hiding.name != "div":
                hiding.name, hiding = "div", holders[id(hiding.parent)]


def without_comments(text: str) -> str:
    """Return the markup without its comments; one that is never closed, or holds another, loses its mark alone."""
    first, *rest = text.split("<!--")
    return first + "".join(part.partition("-->")[2] if "-->" in part else part for part in rest)


def _without_unclosed(text: str) -> str:
    """Return the markup without the last openings of <script> and the like that are not closed after them."""
    opened: dict[str, int] = {}
    for found in _SWALLOWING.finditer(text):
        if found[1]:
            opened.pop(found[2].lower(), None)
        else:
            opened[found[2].lower()] = found.start()
    for start in sorted(opened.values(), reverse=True):
        text = text[:start] + text[text.find(">", start) + 1 or start :]
    return text
