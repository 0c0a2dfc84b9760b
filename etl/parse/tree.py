"""A page as lxml reads it, and what its tags mean to a reader of text."""

from __future__ import annotations

from typing import cast

from lxml import etree

from etl.errors import Reject
from etl.parse import limits

# Never shown as text, or shown in place of something that is not text. A <head> that is never closed goes on as the
# page, so what stands in it is judged by itself.
DROPPED = frozenset((
    "script", "style", "noscript", "svg", "math", "template", "iframe", "frame", "noframes", "noembed", "object",
    "embed",
    "applet", "video", "audio", "canvas", "map", "title", "meta", "link", "base", "source", "track", "param",
    "input",
    "select", "textarea", "datalist", "option", "rt", "rp",
))  # fmt: skip
# Inline tags: text goes on through them.
INLINE = frozenset((
    "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "img",
    "ins", "kbd",
    "label", "mark", "nobr", "picture", "q", "rb", "ruby", "s", "samp", "small", "span", "strike", "strong", "sub",
    "sup",
    "time", "tt", "u", "var", "wbr",
))  # fmt: skip
CELLS = frozenset(("td", "th"))
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))


def read(text: str) -> etree._Element:
    """Return the root of the page, without comments and processing instructions.

    raises  Reject "html" if it cannot be parsed, or is nested deeper than libxml2 goes (2048): it would drop the rest;
            "too-large" if it has more tags than any article.
    """
    limits.refuse_markup(text)
    parser = etree.HTMLParser(
        encoding="utf-8", huge_tree=True, collect_ids=False, remove_comments=True, remove_pis=True
    )
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


def find(path: etree.XPath, root: etree._Element) -> list[etree._Element]:
    """Return the elements that a path to elements finds, in document order."""
    return cast("list[etree._Element]", path(root))
