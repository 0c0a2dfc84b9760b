"""What the names of an element (tag, role, class, id) say about what stands in it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

from etl.records import Element
from etl.resources import seeds
from etl.strip.lowered import lowered

_WORD = re.compile(r"[a-z]+")
_STORY = "story"
_Kind = tuple[str, str, str]  # of elements: tag, names, role

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
    second: frozenset[str]  # second words of pairs
    telling: frozenset[str]  # words without one of which names say nothing of a family


@cache
def _names() -> _Names:
    data = tomllib.loads((seeds() / "phrases" / "classes.toml").read_text("utf-8"))
    rules = {word: rule for rule, words in data["family"].items() for word in words}
    place = {place: frozenset(words) for place, words in data["place"].items()}
    second = {word.partition("-")[2] for word in rules.keys() | frozenset().union(*place.values())}
    telling = {word.rpartition("-")[2] for word in rules.keys() | place["story"]}
    return _Names(rules, place, frozenset(second), frozenset(telling))


def _words(plain: str) -> set[str]:
    """Return the words of lowered names, and each two that follow one another in a name, joined by "-".

    Pairs are left out where no word is the second of one in the vocabulary.
    """
    words = set(_WORD.findall(plain))
    if not _names().second.isdisjoint(words):
        for name in plain.split():
            words.update(map("-".join, pairwise(_WORD.findall(name))))
    return words


def families(elements: Sequence[Element]) -> list[str | None]:
    """Return of each element the rule that its names belong to, if they say that it is no part of the story."""
    own: dict[_Kind, str | None] = dict.fromkeys(e[1:] for e in elements)
    telling = _names().telling
    for kind, plain in zip(own, lowered([names for _, names, _ in own]), strict=True):
        tag, _, role = kind
        if tag in _NEVER or tag in _TAGS:
            own[kind] = _TAGS.get(tag)
        elif telling.isdisjoint(_WORD.findall(plain)) or not (said := _said(_words(plain))):
            own[kind] = "navigation" if role in _names().place["roles"] else None
        elif said != _STORY:
            own[kind] = said
    return [own[e[1:]] for e in elements]


def _said(words: set[str]) -> str | None:
    """Return the rule that an element belongs to by the words of its names, or that they are the story's."""
    if not words.isdisjoint(_names().place["story"]):
        return _STORY
    return min((_names().family[word] for word in _names().family.keys() & words), default=None)


def deck_names(element: Element) -> int:
    """Return 2 where an element's names say standfirst, 1 where they may mean one (or the first paragraph), else 0."""
    return _deck(element.names) if element.names else 0


@lru_cache(maxsize=16_384)
def _deck(names: str) -> int:
    (plain,) = lowered([names])
    found = _words(plain)
    return 2 if found & _names().place["deck"] else 1 if found & _names().place["perhaps_deck"] else 0
