"""What the names of an element (tag, role, class, id) say about what stands in it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

from etl.records import Element
from etl.resources import seeds
from etl.strip.lowered import lowered

_WORD = re.compile(r"[a-z]+")
_STORY = "story"

_TAGS = {
    "nav": "navigation",
    "footer": "navigation",
    "aside": "navigation",
    "menu": "navigation",
    "dialog": "navigation",
    "button": "navigation",
    "select": "navigation",
    "option": "navigation",
    "label": "navigation",
    "form": "newsletter",
    "figcaption": "caption",
    "address": "byline",
    "time": "timestamp",
}
# The whole page or the story itself: their names tell of the page, not of the part.
_NEVER = frozenset(("html", "body", "main", "article", "blockquote", ""))


@dataclass(frozen=True, slots=True)
class _Names:
    """The vocabulary of seeds/phrases/classes.toml."""

    family: Mapping[str, str]  # word -> rule
    place: Mapping[str, frozenset[str]]
    second: frozenset[str]  # second words of the pairs in both


@cache
def _names() -> _Names:
    data = tomllib.loads((seeds() / "phrases" / "classes.toml").read_text("utf-8"))
    rules = {word: rule for rule, words in data["family"].items() for word in words}
    place = {place: frozenset(words) for place, words in data["place"].items()}
    seconds = (word.partition("-")[2] for word in rules.keys() | frozenset().union(*place.values()))
    return _Names(rules, place, frozenset(filter(None, seconds)))


@lru_cache(maxsize=16_384)
def class_words(names: str) -> frozenset[str]:
    """Return the words of an element's names, and those two that follow one another in a name, joined by "-".

    Pairs without the second word of one that the vocabulary knows are left out.
    """
    (plain,) = lowered([names])
    words = _WORD.findall(plain)
    if _names().second.isdisjoint(words):
        return frozenset(words)
    pairs = ("-".join(pair) for name in plain.split() for pair in pairwise(_WORD.findall(name)))
    return frozenset((*words, *pairs))


def family(element: Element) -> str | None:
    """Return the rule that an element's names belong to, if they say that it is no part of the story."""
    return family_of(element.tag, element.names, element.role)


def family_of(tag: str, names: str, role: str) -> str | None:
    """Return the same of an element's tag, names and role."""
    if tag in _NEVER:
        return None
    if by_tag := _TAGS.get(tag):
        return by_tag
    if names and (said := _said(names)):
        return said if said != _STORY else None
    return "navigation" if role in _names().place["roles"] else None


@lru_cache(maxsize=16_384)
def _said(names: str) -> str | None:
    """Return the rule that names belong to, or that they are the story's."""
    found = class_words(names)
    if not found.isdisjoint(_names().place["story"]):
        return _STORY
    return min((_names().family[word] for word in _names().family.keys() & found), default=None)


def deck_names(element: Element) -> int:
    """Return 2 where an element's names say standfirst, 1 where they may mean one (or the first paragraph), else 0."""
    return _deck(element.names) if element.names else 0


@lru_cache(maxsize=16_384)
def _deck(names: str) -> int:
    found = class_words(names)
    return 2 if found & _names().place["deck"] else 1 if found & _names().place["perhaps_deck"] else 0
