"""Fields of a list as clean values: text without markup, addresses that are some, names without mail addresses."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from urllib.parse import urljoin, urlsplit

from etl.feeds.limits import ADDRESS_CHARS, LINE_CHARS, NAMES
from etl.text import fold_space

_TAG = re.compile(r"<(?:/?[A-Za-z][^<>]*|!--.*?--|!\[CDATA\[|\?[^<>]*)>", re.DOTALL)
_SILENT = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
_MAIL = re.compile(r"\S+@\S+\.\w+")
_LONE = re.compile("[\ud800-\udfff]")


def text_of(value: object, markup: bool = True, longest: int = LINE_CHARS) -> str | None:
    """Return a field as one line of text; None where it is none, empty, or longer than a line of its kind is."""
    if not isinstance(value, str):
        return None
    value = value[: 20 * longest]
    if markup:
        value = html.unescape(_TAG.sub(" ", _SILENT.sub(" ", value)))
    folded = fold_space(whole(value))
    return folded if 0 < len(folded) <= longest else None


def whole(text: str) -> str:
    """Return the text without NULs and lone surrogates, which no database stores."""
    return _LONE.sub("\ufffd", text.replace("\0", ""))


def address(value: object, base: str = "") -> str | None:
    """Return an absolute address of the web, or None."""
    if not isinstance(value, str) or not value.strip() or len(value) > ADDRESS_CHARS:
        return None
    try:
        full = urljoin(base, whole("".join(value.split())))
        parts = urlsplit(full)
        return full if parts.scheme in ("http", "https") and parts.hostname else None
    except ValueError:  # a broken IPv6 address
        return None


def names(values: Iterable[object]) -> tuple[str, ...]:
    """Return people by their names: of "desk@post.example (Ada Quill)" the name, of an address alone nothing."""
    found: dict[str, None] = {}
    for value in values:
        bare = _MAIL.sub(" ", text_of(value) or "").strip(" ()<>,;")
        if bare and any(map(str.isalpha, bare)):
            found[fold_space(bare)] = None
    return tuple(found)[:NAMES]


def terms(values: Iterable[object]) -> tuple[str, ...]:
    """Return keywords, each once."""
    return tuple(dict.fromkeys(term for value in values if (term := text_of(value))))[:NAMES]
