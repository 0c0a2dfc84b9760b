"""What the names of an element (tag, role, class, id) say about what stands in it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from etl.records import Element
from etl.resources import seeds
from etl.strip.element_names import Remembered, lowered

_WORD = re.compile(r"[a-z]+")
_PAIR = re.compile(r"([a-z]+)[^a-z\s]+(?=([a-z]+))")  # in one name, for white space parts names
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

    Pairs are left out where the second word is that of none in the vocabulary.
    """
    words, second = set(_WORD.findall(plain)), _names().second
    if not second.isdisjoint(words):
        words.update([f"{one}-{other}" for one, other in _PAIR.findall(plain) if other in second])
    return words


def families(elements: Sequence[Element]) -> list[str | None]:
    """Return of each element the rule that its names belong to, if they say that it is no part of the story."""
    return _remembered.of([e[1:] for e in elements])


def _of_unseen(kinds: Sequence[_Kind]) -> list[str | None]:
    lines = lowered([names for _, names, _ in kinds])
    return [_family(tag, plain, role) for (tag, _, role), plain in zip(kinds, lines, strict=True)]


_remembered = Remembered(_of_unseen)


def _family(tag: str, plain: str, role: str) -> str | None:
    if tag in _NEVER or tag in _TAGS:
        return _TAGS.get(tag)
    words = _words(plain)
    if not _names().telling.isdisjoint(words) and (said := _said(words)):
        return said if said != _STORY else None
    return "navigation" if role in _names().place["roles"] else None


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
