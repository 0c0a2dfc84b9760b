"""A page as it is best read: by lxml, and a second time where much of its text is missing."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from etl.errors import Reject
from etl.parse import html, soup, tree
from etl.records import Block, Element

# A page that has many more paragraphs in its markup than came out of it is looked at again.
_MISSING_TIMES = 2
_FEWEST_MISSING = 5
# The second reading is the better one if it has far more prose; it loses what markup says of inline text.
_BETTER_TIMES = 1.5
_FEWEST_BETTER_CHARS = 300

_AS_USUAL = re.compile("<p[ >]")
_PARAGRAPH = re.compile(r"<p[\s>]", re.IGNORECASE)
_SCRIPT = re.compile(r"<script\b", re.IGNORECASE)
_SCRIPT_END = re.compile(r"</script\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reading:
    """The tree of a page, and what was cut from it."""

    root: etree._Element
    blocks: tuple[Block, ...]
    elements: tuple[Element, ...]

    @property
    def paragraphs(self) -> int:
        return sum(element.tag == "p" for element in self.elements)

    @property
    def prose_chars(self) -> int:
        """Return the characters of shown paragraphs outside links."""
        elements = self.elements
        return sum(len(b.text) - b.link_chars for b in self.blocks if elements[b.element].tag == "p" and not b.hidden)


def read(text: str) -> Reading:
    """Return the better reading of the page.

    raises  Reject "html", "too-large" or "no-text", as the first reading ends.
    """
    try:
        first = _read(text)
    except Reject as reject:
        again = _read_again(text) if reject.reason == "html" else None
        if again is None or again.prose_chars < _FEWEST_BETTER_CHARS:
            raise
        return again
    if _misses_paragraphs(text, first.paragraphs) and (again := _read_again(text)):
        enough = max(_BETTER_TIMES * first.prose_chars, first.prose_chars + _FEWEST_BETTER_CHARS)
        return again if again.prose_chars >= enough else first
    return first


def _read(text: str) -> Reading:
    root = tree.read(text)
    return Reading(root, *html.cut(root))


def _read_again(text: str) -> Reading | None:
    """Return what lxml reads once BeautifulSoup has mended the page; None if that is too much, or no help."""
    if not soup.is_small(text):
        return None
    try:
        return _read(soup.mended(text))
    except Reject:
        return None


def _misses_paragraphs(text: str, found: int) -> bool:
    """Return whether the markup has many more paragraphs; those in scripts and comments do not count."""
    most = _MISSING_TIMES * found + _FEWEST_MISSING
    if len(_AS_USUAL.findall(text)) <= most:  # the quick look, as most pages are written
        return False
    first, *scripts = _SCRIPT.split(soup.without_comments(text))
    ends = (_SCRIPT_END.search(script) for script in scripts)
    shown = "".join(script[end.start() :] if end else script for script, end in zip(scripts, ends, strict=True))
    return len(_PARAGRAPH.findall(first + shown)) > most
