"""What a text is: a page or plain text, whatever it was declared as."""

from __future__ import annotations

import re

# Comments may stand in front; each is taken whole or not at all, so that many of them cannot be split in many ways.
_PAGE_START = re.compile(
    r"\s*+(?:<\?xml[^>]*>\s*+)?(?:(?><!--.{0,2000}?-->)\s*+)*+<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_ANY_TAG = re.compile(r"<(?:/?[a-z][a-z0-9-]*(?:\s[^<>]*)?/?|!--|!doctype[^>]*)>?", re.IGNORECASE)
_COMMON_TAG = re.compile(
    r"</?(?:p|div|a|span|br|li|ul|ol|h[1-6]|img|table|tr|td|article|section|strong|em|b|i|blockquote|figure)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_FEWEST_TAGS = 3
_CHARS_A_TAG = 500  # plain text that quotes a few tags is far thinner in them


def is_page(text: str, media_type: str) -> bool:
    """Return whether the text is to be read as HTML: the content decides, the media type where it says nothing."""
    if _PAGE_START.match(text):
        return True
    if "html" in media_type.lower():
        return _ANY_TAG.search(text) is not None
    tags = len(_COMMON_TAG.findall(text))
    return tags >= _FEWEST_TAGS and tags * _CHARS_A_TAG >= len(text)
