"""A page as lxml reads it, and what is cut from it before BeautifulSoup sees it.

Making BeautifulSoup's objects costs ten times what lxml's parser does, and most of a page is not text. So only what
is certain goes: what is never shown, inline tags that say nothing, elements without a word.
"""

from __future__ import annotations

from typing import cast

from lxml import etree

from etl.errors import Reject
from etl.parse import limits

# Never shown as text, or shown in place of something that is not text.
DROPPED = (
    "script", "style", "noscript", "svg", "math", "template", "iframe", "frame", "noframes", "noembed", "object",
    "embed",
    "applet", "video", "audio", "canvas", "map", "head", "title", "meta", "link", "base", "source", "track", "param",
    "input",
    "select", "textarea", "datalist", "option", "rt", "rp",
)  # fmt: skip
# Inline tags: text goes on through them.
INLINE = (
    "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "img",
    "ins", "kbd",
    "label", "mark", "nobr", "picture", "q", "rb", "ruby", "s", "samp", "small", "span", "strike", "strong", "sub",
    "sup",
    "time", "tt", "u", "var", "wbr",
)  # fmt: skip
HIDDEN_RUN = "x-hidden"  # an inline element that hides its text gets this name, the others are unwrapped
CELLS = frozenset(("td", "th"))
BREAKS = frozenset(("br", "hr"))  # the elements without text that part texts

NAMING = ("class", "id", "itemprop", "data-testid", "data-component")
READ = frozenset((*NAMING, "role", "style", "hidden", "aria-hidden"))
_RUNS_ON = frozenset((*INLINE, *CELLS, "a", HIDDEN_RUN))
_RAW_TEXT = ("plaintext", "xmp", "listing")

_HIDING = etree.XPath("//*[@hidden or contains(@style, 'none') or contains(@style, 'hidden')]")


def read(text: str) -> etree._Element:
    """Return the root of the page.

    raises  Reject "html" if it cannot be parsed, or is nested deeper than libxml2 goes (2048): it would drop the rest;
            "too-large" if it has more tags than any article.
    """
    limits.refuse_markup(text)
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.LxmlError, ValueError) as err:
        raise Reject("parse", "html", str(err)) from None
    last = parser.error_log.last_error
    if last is not None and last.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT:
        raise Reject("parse", "html", last.message)
    if root is None:
        raise Reject("parse", "no-text", "a page without any element")
    for stray in list(root.itersiblings()):  # what stands after </html>: libxml2 starts a second root for it
        root.append(stray)
    return root


def prune(root: etree._Element) -> None:
    """Cut the tree down to its text and the facts about it, in place.

    raises  Reject "too-large".
    """
    etree.strip_elements(root, *DROPPED, etree.Comment, etree.ProcessingInstruction, with_tail=False)
    for element in find(_HIDING, root):
        if element.tag in INLINE and is_hidden(element.attrib):
            element.tag = HIDDEN_RUN
    etree.strip_tags(root, *INLINE)
    elements = list(root.iter())
    limits.refuse_elements(elements)
    for element in reversed(elements):
        _slim(element)


def find(path: etree.XPath, root: etree._Element) -> list[etree._Element]:
    """Return the elements that a path to elements finds, in document order."""
    return cast("list[etree._Element]", path(root))


def is_hidden(attributes: etree._Attrib | dict[str, str]) -> bool:
    """Return whether the element is marked as not shown. (aria-hidden is another matter: it hides from the ear.)"""
    if "hidden" in attributes:
        return True
    style = attributes.get("style")
    if not style:
        return False
    style = style.lower().replace(" ", "")
    return "display:none" in style or "visibility:hidden" in style


def _slim(element: etree._Element) -> None:
    """Drop white space between blocks, and the element itself if it holds no text."""
    text, tail, is_block = element.text, element.tail, element.tag not in _RUNS_ON
    if is_block and text is not None and text.isspace():
        element.text = text = None
    if is_block and tail is not None and tail.isspace():
        element.tail = tail = None
    if not len(element) and not _has_words(text) and not _has_words(tail) and element.tag not in BREAKS:
        _remove(element, leaves_space=bool(text or tail) or element.tag in CELLS)


def _has_words(text: str | None) -> bool:
    return text is not None and not text.isspace()


def _remove(element: etree._Element, leaves_space: bool) -> None:
    """Take the element out; of its white space at most one space is left, so that many of them stay cheap."""
    parent, before = element.getparent(), element.getprevious()
    if parent is None:
        return
    if leaves_space and before is not None:
        before.tail = _spaced(before.tail)
    elif leaves_space:
        parent.text = _spaced(parent.text)
    element.tail = None
    parent.remove(element)


def _spaced(text: str | None) -> str:
    return text if text and text.endswith(" ") else (text or "") + " "
