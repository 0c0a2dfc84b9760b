"""Markup inside metadata: descriptions and bodies of JSON-LD, summaries of feeds."""

from __future__ import annotations

import re
from html import unescape

from etl.errors import Reject
from etl.parse import html, tree

_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_EMPTY_LINE = re.compile(r"\n\s*\n")
_MOST_CHARS = 500_000  # of markup; a feed's whole article has a tenth


def text_of(markup: str) -> str:
    """Return the text of a piece of HTML, its blocks parted by an empty line, without what is hidden in it.

    Markup that was escaped once more is read too. What is too long, or broken past reading, comes back as it is.
    """
    if len(markup) > _MOST_CHARS:
        return markup
    if not _TAG.search(markup):
        plain = unescape(markup)
        if not _TAG.search(plain):
            return plain
        markup = plain
    try:
        blocks, _ = html.cut(tree.read(f"<body>{_EMPTY_LINE.sub('<br><br>', markup)}"))
    except Reject:
        return markup
    return "\n\n".join(block.text for block in blocks if not block.hidden)
