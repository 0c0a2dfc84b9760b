"""The headline: what readers see over the text, borne out by what the page calls itself, without the site's name."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache

from etl.parse.address import plain_words
from etl.text import normal_form, words

_PARTING = re.compile(r"\s+[|–—\-•·»«:/~›]+\s+|\s*\|\s*|\s::\s|\s+»\s*|(?<=\w):\s+(?=\S+$)")
_BAR = re.compile(r"\s*\|\s*|\s+(?:::|[»«›])\s+")  # these stand in no headline
_LONGEST = 400  # characters; longer ones are texts in the wrong tag
_FEWEST_WORDS = 3  # of a heading that no title bears out, and of one without its kicker
_MOST_SITE_WORDS = 4
# Votes, fitted on half of the sites. <title> has none: it is written for search engines. An address that is made of
# words is made of those of the headline as it was first published, and decides between texts that differ.
_SHOWN, _STATED, _ADDRESS = 1.2, 1.0, 2.0


def choose(
    headings: Iterable[str],
    shared: str | None,
    described: str | None,
    titles: Iterable[str],
    site: Iterable[str],
    address_words: Sequence[str] = (),
) -> str | None:
    """Return the headline of a page, or None where nothing names it.

    headings       its <h1> elements.
    shared         og:title or a like.
    described      headline of JSON-LD.
    titles         <title>.
    site           names of the site, the publisher and its host.
    address_words  of the last step of its address.
    """
    own = {name for each in site if len(each) <= _LONGEST and (name := _squeeze(each))}
    titled = [each for each in titles if len(each) <= _LONGEST]
    stated = [each for each in (shared, described) if each and len(each) <= _LONGEST]
    shown = [each for each in headings if 0 < len(each) <= _LONGEST and _squeeze(each) not in own]
    own |= {_squeeze(each) for each in shown if _names_site(each, titled, stated)}
    shown = [each for each in shown if _squeeze(each) not in own]
    stated, titled = _without_sites(stated, own), _without_sites(titled, own)
    heading = _shown(shown, stated, titled)
    if heading:
        return _most_voted(heading, stated, address_words)
    return (
        _most_agreed([*stated, *titled]) if stated else _most_agreed([_without_path(each) for each in titled] or shown)
    )


def _without_sites(found: Iterable[str], own: set[str]) -> list[str]:
    return [clean for each in found if (key := _squeeze(clean := without_site(each, own))) and key not in own]


def _shown(headings: Sequence[str], stated: Sequence[str], titled: Sequence[str]) -> str | None:
    """Return the heading that is likest to the titles; one alone need not be like them, if it is no mere label."""
    named = [*stated, *titled]
    if not headings:
        return None
    likeness = [sum(_likeness(heading, name) for name in named) for heading in headings]
    counts = [len(words(heading)) for heading in headings]
    best = max(range(len(headings)), key=lambda i: (likeness[i], counts[i], -i))
    if likeness[best] or (len(headings) == 1 and (counts[best] >= _FEWEST_WORDS or not stated)):
        return _without_kicker(headings[best], named)
    return None


def _most_voted(heading: str, stated: Sequence[str], address_words: Sequence[str]) -> str:
    """Return the heading or one of the stated titles; of equals the heading, which stands first."""
    votes: dict[str, float] = defaultdict(float)
    texts: dict[str, str] = {}
    for text, weight in [(heading, _SHOWN), *((each, _STATED) for each in stated)]:
        key = texts.setdefault(_squeeze(text), text)
        votes[key] += weight
    if len(votes) == 1:
        return heading
    return max(votes, key=lambda text: votes[text] + _ADDRESS * _share_said(address_words, text))


def _share_said(address_words: Sequence[str], text: str) -> float:
    """Return the share of the words of an address that a text says, 0..1."""
    said = set(plain_words(text))
    return sum(word in said for word in address_words) / len(address_words) if address_words else 0.0


def _without_kicker(heading: str, named: Sequence[str]) -> str:
    """Return the heading without the line above it that stands in the same element, or the site behind it.

    A title has to do without them.
    """
    row = words(heading)
    if front := next((n for n in named if heading.startswith(n) and _PARTING.match(heading, len(n))), None):
        return front
    ends = [name for name in named if len(end := words(name)) >= _FEWEST_WORDS and row[-len(end) :] == end]
    return min(ends, key=len, default=heading)


def _without_path(title: str) -> str:
    """Return the longest part of a title that is cut by bars: the others are sections and the site."""
    return max(_BAR.split(title), key=lambda part: len(words(part)))


def _most_agreed(found: Sequence[str]) -> str | None:
    """Return the text that most of them equal; one that another merely begins or ends with gets half a vote."""
    keys = [_squeeze(each) for each in found]
    votes = [sum(_agreement(key, other) for other in keys) for key in keys]
    return found[votes.index(max(votes))] if found else None


def _names_site(heading: str, titles: Iterable[str], stated: Sequence[str]) -> bool:
    """Return whether a short heading is a later and smaller part of a title, and so the name of the site."""
    key, count = _squeeze(heading), len(words(heading))
    if count > _MOST_SITE_WORDS or key in map(_squeeze, stated):
        return False
    for title in titles:
        first, *later = _PARTING.split(title)
        if len(words(first)) > count and key in map(_squeeze, later):
            return True
    return False


def without_site(title: str, own: set[str]) -> str:
    """Return the title without the site's name in front or behind, as far as something else is left.

    own  names of the site: letters and digits alone, lower case.
    """
    while True:
        partings = list(_PARTING.finditer(title))
        if not partings:
            return title
        first = partings[0]
        ends = [*(parting.start() for parting in partings[1:]), len(title)]
        cut = next((p for p, end in zip(partings, ends, strict=True) if _is_own(title[p.end() : end], own)), None)
        if cut:
            title = title[: cut.start()].strip()
        elif _is_own(title[: first.start()], own):
            title = title[first.end() :].strip()
        else:
            return title


def _is_own(part: str, own: set[str]) -> bool:
    key = _squeeze(part)
    return key in own or any(
        len(key) >= 4 and key.startswith(name) and len(key) <= len(name) + 12 for name in own if len(name) >= 4
    )


@lru_cache(maxsize=64)  # a page says its headline in several places, and each is compared with the others
def _squeeze(text: str) -> str:
    return normal_form(text).replace(" ", "")


def _likeness(one: str, other: str) -> float:
    """Return the share of words that two texts have in common, 0..1."""
    left, right = Counter(words(one)), Counter(words(other))
    total = left.total() + right.total()
    return 2 * (left & right).total() / total if total else 0.0


def _agreement(key: str, other: str) -> float:
    if key == other:
        return 1.0
    short, long = sorted((key, other), key=len)
    return 0.5 if len(short) >= 12 and (long.startswith(short) or long.endswith(short)) else 0.0
