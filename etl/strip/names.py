"""Names of people in lines: who wrote it, and nothing that only looks like it."""

from __future__ import annotations

import re
from functools import cache

from etl import agencies
from etl.agencies import is_agency
from etl.strip.phrases import load
from etl.strip.reading import read
from etl.strip.shapes import is_moment, trimmed

_WORD = re.compile(r"[^\W\d_]+(?:['’.-][^\W\d_]+)*\.?")
_EMAIL = re.compile(r"\(?\S+@\S+\.\w+\)?|(?<!\w)@\w+")
_SPLIT = re.compile(r"\s*[,;&|/•·]\s*|\s+[–—-]\s+")
_VERSUS = re.compile(r"\s[–—-]\s|\d")  # two names with a dash between them are a match, not two writers
_PARENTHESIS = re.compile(r"\s*\([^)]*\)")
_FEWEST_WORDS, _MOST_WORDS = 2, 4
_LONGEST_BYLINE_WORDS = 16
_LONGEST_BYLINE_CHARS = 300  # words alone bound nothing: a megabyte of signs is one word


@cache
def _entries(key: str) -> frozenset[str]:
    return load().entries("byline", key)


@cache
def _opens() -> re.Pattern[str]:
    openings = sorted(_entries("opens") | _entries("label"), key=len, reverse=True)
    return re.compile(rf"^(?:{'|'.join(map(re.escape, openings))})(?:\s*:\s*|\s+)(?=\S)", re.IGNORECASE)


@cache
def _openers() -> frozenset[str]:
    """Return the first words of openings; looking one up is ten times quicker than the pattern."""
    return frozenset(row[0] for entry in _entries("opens") | _entries("label") if (row := read(entry).words))


def may_name_agency(text: str) -> bool:
    """Return whether a text has the longest word of a name: looking that up is ten times quicker than a pattern."""
    reading, telling = read(text), _telling_words()
    if "'" not in reading.normal:
        return not telling.isdisjoint(reading.words)
    return not telling.isdisjoint(reading.normal.replace("'", " ").split())


@cache
def _telling_words() -> frozenset[str]:
    # A name may stand behind "l'" or in front of "'s", so its words count without them.
    return frozenset(max(read(name).normal.replace("'", " ").split(), key=len) for name in agencies.load().by_name)


@cache
def _joined() -> re.Pattern[str]:
    return re.compile(rf"\s+(?:{'|'.join(map(re.escape, sorted(_entries('joiners'))))})\s+", re.IGNORECASE)


def is_name(text: str) -> bool:
    """Return whether a text is two to four capitalised words, as names of people are."""
    parts = text.split()
    if not _FEWEST_WORDS <= len(parts) <= _MOST_WORDS or is_agency(text):
        return False
    if load().entries("share", "networks").issuperset(read(text).words):
        return False
    strong = [p for p in parts if p.casefold() not in _entries("particles")]
    return (
        len(strong) >= _FEWEST_WORDS
        and all(_WORD.fullmatch(p) and p[0].isupper() for p in strong)
        and not any(p.casefold().strip(".") in _entries("not_names") for p in strong)
        and len(strong[-1].strip(".")) > 1
    )


def named_authors(text: str) -> tuple[str, ...]:
    """Return the people of a line that opens like a byline ("By Jane Doe and John Roe, Reuters"), else nothing.

    The near miss "By Monday evening the water was back." has words that no name has, and returns nothing.
    """
    if len(text) > _LONGEST_BYLINE_CHARS:
        return ()
    row = read(text).words
    if not row or row[0] not in _openers() or len(row) > _LONGEST_BYLINE_WORDS:
        return ()
    line = trimmed(text)
    opening = _opens().match(line)
    return _people(line[opening.end() :]) if opening else ()


def bare_authors(text: str) -> tuple[str, ...]:
    """Return the people of a line that is names alone ("Jane Doe", "Jane Doe and John Roe"), else nothing."""
    if len(text) > _LONGEST_BYLINE_CHARS:
        return ()
    line = trimmed(text)
    if line.endswith((".", "!", "?", ":")) or len(read(text).words) > 2 * _MOST_WORDS + 1:
        return ()
    people = _people(line)
    return () if len(people) > 1 and _VERSUS.search(line) else people


def is_role(text: str) -> bool:
    """Return whether a line is what a writer is and nothing else ("Staff Reporter")."""
    if len(text) > _LONGEST_BYLINE_CHARS or not (line := read(text).words):
        return False
    if line[0] not in _role_openers():
        return False
    if read(text).normal in _entries("placeholders") or (line[0] in _openers() and _opens_placeholder(text)):
        return True
    return _entries("roles").issuperset(line) and not load().entries("navigation", "edge").issuperset(line)


@cache
def _role_openers() -> frozenset[str]:
    """Return the first words of lines that are a role."""
    placeholders = (read(entry).words for entry in _entries("placeholders"))
    return _openers() | _entries("roles") | frozenset(row[0] for row in placeholders if row)


def _opens_placeholder(text: str) -> bool:
    """Return whether a byline names nobody ("By Staff Writer")."""
    bare = trimmed(text)
    opening = _opens().match(bare)
    return opening is not None and read(bare[opening.end() :]).normal in _entries("placeholders")


def _people(text: str) -> tuple[str, ...]:
    text = _PARENTHESIS.sub("", _EMAIL.sub("", text)).strip()
    parts = [trimmed(p) for chunk in _SPLIT.split(text) for p in _joined().split(f" {chunk}")]
    parts = [piece for p in parts for piece in _without_agency(p) if piece]
    people = tuple(p for p in parts if is_name(p))
    return people if people and parts[0] == people[0] and all(map(_may_stand_beside, parts)) else ()


def _without_agency(part: str) -> tuple[str, ...]:
    """Return a name and the agency that stands behind it without a sign between them, or the part as it is."""
    found = next((m for m in agencies.pattern().finditer(part) if m.end() == len(part) and m.start() > 0), None)
    return (part[: found.start()].strip(), found[0]) if found else (part,)


def _may_stand_beside(part: str) -> bool:
    """Return whether a part of a byline is a name, an agency, a moment, a role or one word (a place)."""
    line = read(part).words
    return (
        is_name(part)
        or is_agency(part)
        or is_moment(part)
        or bool(_entries("roles").intersection(line))
        or len(line) == 1
    )


def clean_authors(authors: tuple[str, ...]) -> tuple[str, ...]:
    """Return authors as people: no "By", no addresses, no roles, no agencies, nobody twice."""
    kept: dict[str, str] = {}
    for author in (a for a in authors if len(a) <= _LONGEST_BYLINE_CHARS):
        line = trimmed(_EMAIL.sub("", author))
        opening = _opens().match(line)
        line = line[opening.end() :] if opening else line
        for part in _parts(line):
            if part and not _is_nobody(part):
                kept.setdefault(read(part).normal, part)
    return tuple(kept.values())


def _parts(line: str) -> list[str]:
    """Return the names of a line; a list that is not all names is cut only at what is certain."""
    pieces = [trimmed(p) for chunk in re.split(r"\s*[,;|&]\s*", line) for p in _joined().split(chunk)]
    people = [p for p in pieces if is_name(p)]
    return people or [line]


def _is_nobody(part: str) -> bool:
    line, plain = read(part).words, read(part).normal
    return (
        not line
        or is_agency(part)
        or is_moment(part)
        or plain in _entries("placeholders")
        or plain.startswith(("http ", "https ", "www "))
        or len(line) > 2 * _MOST_WORDS
    )
