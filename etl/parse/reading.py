"""A page as it is best read: by lxml, and a second time where much of its text is missing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import cast

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

_SHOWN = etree.XPath(f"count(//p[not({' or '.join(f'ancestor::{tag}' for tag in sorted(tree.DROPPED))})])")
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
    if _misses_paragraphs(text, first) and (again := _read_again(text)):
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


def _misses_paragraphs(text: str, first: Reading) -> bool:
    """Return whether the markup has many more paragraphs than were read.

    Those in scripts and comments do not count, and of those that were read the empty ones do.
    """
    if len(_AS_USUAL.findall(text)) <= _most(first.paragraphs):  # the quick look, as most pages are written
        return False
    *before_end, rest = _SCRIPT_END.split(soup.without_comments(text))
    shown = "".join(_SCRIPT.split(part, 1)[0] for part in before_end) + rest
    return len(_PARAGRAPH.findall(shown)) > _most(cast("float", _SHOWN(first.root)))


def _most(found: float) -> float:
    """Return how many paragraphs the markup may have where so many came out of it."""
    return _MISSING_TIMES * found + _FEWEST_MISSING
