"""The keywords of an article, from the first place that has some."""

from __future__ import annotations

import re
from collections.abc import Iterable

from etl.parse import json_ld
from etl.parse.page import Page

_NAMES = ("article:tag", "news_keywords", "parsely-tags", "sailthru.tags", "cxenseparse:keywords", "keywords")
_PARTING = re.compile(r"\s*[,;|]\s*")
_LONGEST = 60  # characters; longer ones are sentences
_MOST = 30


def keywords(page: Page, article: json_ld.Node) -> tuple[tuple[str, ...], str]:
    """Return the keywords, each once whatever its case, and their origin; () where the page names none."""
    places = [(json_ld.names(article.get("keywords"), list(page.nodes)), "json-ld")]
    places += [(list(page.meta.get(name, ())), "meta") for name in _NAMES]
    return next(((found, origin) for texts, origin in places if (found := _clean(texts))), ((), ""))


def _clean(texts: Iterable[str]) -> tuple[str, ...]:
    parts = (json_ld.plain(part).strip(" #\"'“”„«»[].") for text in texts for part in _PARTING.split(text))
    found: dict[str, str] = {}
    for part in parts:
        if part and len(part) <= _LONGEST and not part.isdigit():
            found.setdefault(part.casefold(), part)
    return tuple(found.values())[:_MOST]
