"""Whether anybody may read an article, as far as its page says so."""

from __future__ import annotations

from etl.parse import json_ld
from etl.parse.page import Page

_SAID = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
# What content tiers are called: a metered article is free for the first few a reader opens only.
_TIERS = {"free": True, "locked": False, "metered": False, "premium": False, "paid": False, "subscriber": False}


def is_free(page: Page, article: json_ld.Node) -> tuple[bool | None, str]:
    """Return whether the article is free to read, None where nothing is said, and the origin of that.

    An article is not free if a part of it is not.
    """
    parts = [part for part in json_ld.objects(article.get("hasPart")) if "isAccessibleForFree" in part]
    said = [_flag(node.get("isAccessibleForFree")) for node in (article, *parts)]
    if any(flag is not None for flag in said):
        return False not in said, "json-ld"
    for name, words in (("isaccessibleforfree", _SAID), ("article:content_tier", _TIERS)):
        if (flag := words.get((page.first(name) or "").lower())) is not None:
            return flag, "meta"
    return None, ""


def _flag(value: object) -> bool | None:
    """Return what a flag says as a truth value, a word, or the address of a word at schema.org."""
    return _SAID.get(str(value).rsplit("/", 1)[-1].strip().lower())
