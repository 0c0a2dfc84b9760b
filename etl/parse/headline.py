"""The headline: of all that a page calls its title, what most of them agree on, without the name of the site."""

from __future__ import annotations

import re
from collections.abc import Iterable

from etl.text import normal_form

_PARTING = re.compile(r"\s+[|–—\-•·»«:/~]+\s+|\s*\|\s*|\s::\s|\s+»\s*|(?<=\w):\s+(?=\S+$)")
_LONGEST = 400  # characters; longer ones are texts in the wrong tag


def choose(
    headings: Iterable[str], shared: str | None, described: str | None, titles: Iterable[str], site: Iterable[str]
) -> str | None:
    """Return the headline of a page, or None where nothing names it.

    headings   its <h1> elements.
    shared     og:title or a like.
    described  headline of JSON-LD.
    titles     <title>.
    site       names of the site, the publisher and its host.
    """
    own = {name for each in site if (name := _squeeze(each))}
    found = [each for each in (*headings, shared, described, *titles) if each and len(each) <= _LONGEST]
    ranked = [clean for each in found if (clean := without_site(each, own)) and _squeeze(clean) not in own]
    keys = [_squeeze(each) for each in ranked]
    if not ranked:
        return None
    # Each source votes for all texts that it equals; one that it merely begins or ends with gets half a vote.
    votes = [sum(_agreement(key, other) for other in keys) for key in keys]
    return ranked[votes.index(max(votes))]


def without_site(title: str, own: set[str]) -> str:
    """Return the title without the site's name in front or behind, as far as something else is left.

    own  names of the site: letters and digits alone, lower case.
    """
    while True:
        partings = list(_PARTING.finditer(title))
        if not partings:
            return title
        first, last = partings[0], partings[-1]
        if _is_own(title[last.end() :], own):
            title = title[: last.start()].strip()
        elif _is_own(title[: first.start()], own):
            title = title[first.end() :].strip()
        else:
            return title


def _is_own(part: str, own: set[str]) -> bool:
    key = _squeeze(part)
    return key in own or any(
        len(key) >= 4 and key.startswith(name) and len(key) <= len(name) + 12 for name in own if len(name) >= 4
    )


def _squeeze(text: str | None) -> str:
    return normal_form(text or "").replace(" ", "")


def _agreement(key: str, other: str) -> float:
    if key == other:
        return 1.0
    short, long = sorted((key, other), key=len)
    return 0.5 if len(short) >= 12 and (long.startswith(short) or long.endswith(short)) else 0.0
