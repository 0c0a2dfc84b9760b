"""JSON-LD: the article that a page describes, among all that it describes."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, cast

from etl.parse.charset import whole
from etl.text import fold_space

Node = dict[str, Any]

_ARTICLE = re.compile(r"(?:\w*Article|BlogPosting|LiveBlogPosting|Report|SocialMediaPosting|DiscussionForumPosting)")
_INWARD = ("@graph", "mainEntity", "mainEntityOfPage")  # where the page's own article stands; other keys lead to others
_BREAK = re.compile(r"<(?:/?(?:p|div|li|ul|ol|h\d|blockquote|tr|td)|br)\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z][^<>]*>|<!--[^<>]*-->", re.IGNORECASE)
_MOST_CHARS = 2_000_000
_MOST_NODES = 500  # a page describes itself in a few; more are lists of other things
_MOST_NAMES = 40


def nodes(scripts: Iterable[str]) -> list[Node]:
    """Return the top objects of the scripts; a script that is no JSON is passed over."""
    found: list[Node] = []
    for script in scripts:
        found.extend(islice(_walk(_load(script)), _MOST_NODES - len(found)))
    return found


def article(found: list[Node], addresses: Iterable[str]) -> Node:
    """Return the object of the page's article: the one with the page's address, else the one that says most; or {}."""
    articles = [node for node in found if _is_article(node)]
    known = {address.rstrip("/") for address in addresses}
    return max(articles, key=lambda n: (_address(n) in known, len(n.keys() & _TELLING)), default={})


_TELLING = frozenset(("headline", "datePublished", "author", "articleBody"))


def names(value: object, found: list[Node]) -> list[str]:
    """Return the names that a value holds: a string, an object with a name, a reference to one, or a list of these."""
    result: list[str] = []
    for item in _flat(value)[:_MOST_NAMES]:
        each = item
        if isinstance(each, dict) and "name" not in each and "@id" in each:
            each = next((n for n in found if n.get("@id") == each["@id"] and "name" in n), each)
        name = (each.get("name") or _full_name(each)) if isinstance(each, dict) else each
        result.extend(clean for part in _flat(name)[:_MOST_NAMES] if (clean := text(part)))
    return result


def _full_name(person: Node) -> str | None:
    parts = [text(person.get(key)) for key in ("givenName", "additionalName", "familyName")]
    return " ".join(part for part in parts if part) if parts[-1] else None


def text(value: object) -> str | None:
    """Return a string as plain text, the first one of a list, or None."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("@value") or value.get("name")
    return plain(value) or None if isinstance(value, str) else None


def plain(text: str) -> str:
    """Return the text of what may be markup: escapes resolved, also those made twice, tags and white space gone."""
    if "&" in text:
        text = html.unescape(html.unescape(text))
    if "<" in text:
        text = _TAG.sub("", _BREAK.sub(" ", text))
    return fold_space(whole(text))


def objects(value: object) -> list[Node]:
    """Return the objects among a value or a list of values."""
    return [item for item in _flat(value)[:_MOST_NODES] if isinstance(item, dict)]


def _load(script: str) -> object:
    """Return what the script holds, or None; comment marks and semicolons around it are passed over."""
    if len(script) > _MOST_CHARS:
        return None
    start = min((at for mark in "{[" if (at := script.find(mark)) >= 0), default=0)
    end = max(script.rfind("}"), script.rfind("]")) + 1
    try:
        return cast("object", json.loads(script[start:end], strict=False))
    except (ValueError, RecursionError):
        return None


def _walk(top: object) -> Iterator[Node]:
    todo = [top]
    while todo:
        value = todo.pop()
        if isinstance(value, list):
            todo.extend(reversed(value))
        elif isinstance(value, dict):
            yield value
            todo.extend(value[key] for key in _INWARD if key in value)


def _flat(value: object) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _is_article(node: Node) -> bool:
    return any(
        isinstance(kind, str) and _ARTICLE.fullmatch(kind.rsplit("/", 1)[-1]) for kind in _flat(node.get("@type"))
    )


def _address(node: Node) -> str | None:
    for key in ("url", "mainEntityOfPage", "@id"):
        value = node.get(key)
        value = value.get("@id") if isinstance(value, dict) else value
        if isinstance(value, str) and value.startswith("http"):
            return value.split("#")[0].rstrip("/")
    return None
