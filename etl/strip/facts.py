"""Facts about the lines of a document, computed once. All rules read them, none changes them."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from typing import NamedTuple

from etl.records import Block, Element
from etl.strip.names import named_authors
from etl.strip.phrases import Hit, load
from etl.strip.reading import read
from etl.strip.shapes import (
    ends_fully,
    ends_sentence,
    has_inner_sentence,
    is_listed,
    is_moment,
    is_title_like,
)

_COPYRIGHT = re.compile(
    r"^\W*(?:©|\(c\)\s|&copy;)|©\s*(?:\d{4}|[A-ZА-Я])|\b(?:copyright|all rights)\s*(?:©|\(c\)|\d{4}|reserved)",
    re.IGNORECASE,
)
_FEWEST_PROSE_WORDS = 4
_LONG_WORDS = 25  # a line this long is prose even where its full stop was lost
_SOFT_WORDS = 20  # "Will it hold?" may be a headline or a sentence
_SOFT_CHARS = 400
_MOSTLY_LINK = 0.5
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
# Sections whose words prove nothing between two paragraphs: "Copyright law ...", "Source: ..." there are text.
_EDGE_SECTIONS = frozenset(("source", "dead", "tags", "copyright"))
_NOT_JUNK = frozenset(("byline", "timestamp", "dead"))


class Line(NamedTuple):
    """One block with its facts. What stands far from the story is not read: it has the first ones alone.

    A tuple, for a page has hundreds of them, and they are made at a quarter of the cost of dataclasses.
    """

    index: int  # type: ignore[assignment]  # position of the block; nobody asks a line for tuple.index
    text: str
    kind: str  # as parsed
    tag: str  # of its element; "" for plain text
    path: tuple[int, ...]  # elements from its own up to the root
    link_share: float  # 0..1
    hidden: bool
    gap_before: int
    words: int
    row: tuple[str, ...] = ()  # its words in normal form
    normal: str = ""  # the same as one text
    hits: tuple[Hit, ...] = ()
    ends: bool = False  # ends as a sentence does
    full: bool = False  # ends with a full stop
    title_like: bool = False
    moment: bool = False  # a date or time and nothing else
    authors: tuple[str, ...] = ()  # of a line that opens like a byline
    copyright: bool = False
    prose: bool = False  # reads as text
    firm: bool = False  # reads as text and could not be a headline

    def says(self, *sections: str, edge: bool = True) -> Hit | None:
        """Return the first phrase found of these sections; without `edge`, only those that hold anywhere."""
        for hit in self.hits:
            if hit.section in sections and (edge or not is_edge_only(hit)):
                return hit
        return None


def is_edge_only(hit: Hit) -> bool:
    """Return whether a phrase proves something only before or after the prose."""
    return hit.mode in ("edge", "lead") or hit.section in _EDGE_SECTIONS


def lines_of(
    blocks: Sequence[Block], elements: Sequence[Element], near: Container[int] | None = None
) -> tuple[Line, ...]:
    """Return blocks with their facts.

    near  positions of those that are read; the others have the facts that cost nothing and are never prose. None: all.
    """
    paths = _Paths(elements)
    return tuple(
        [
            _read(b, elements, paths) if near is None or b.position in near else _distant(b, elements, paths)
            for b in blocks
        ]
    )


def _read(block: Block, elements: Sequence[Element], paths: _Paths) -> Line:
    text, reading = block.text, read(block.text)
    word_count = reading.count
    hits = load().hits(text)
    short = word_count <= _SOFT_WORDS and len(text) <= _SOFT_CHARS
    moment = short and is_moment(text)
    authors = named_authors(text) if short else ()
    copyright_line = (
        word_count <= 2 * _LONG_WORDS and len(text) <= 2 * _SOFT_CHARS and _is_copyright(text, reading.normal)
    )
    junk = copyright_line or moment or bool(authors) or (hits and any(h.section not in _NOT_JUNK for h in hits))
    ends = ends_sentence(text)
    full = ends and ends_fully(text)
    prose = not junk and block.link_chars <= _MOSTLY_LINK * len(text) and _reads_as_prose(text, word_count, ends)
    return Line(
        block.position,
        text,
        block.kind,
        elements[block.element].tag,
        paths.of(block.element),
        block.link_chars / len(text),
        block.hidden,
        block.gap_before,
        word_count,
        reading.words,
        reading.normal,
        hits,
        ends,
        full,
        not full and is_title_like(text, word_count),
        moment,
        authors,
        copyright_line,
        prose,
        prose and _is_firm(text, word_count, ends, full),
    )


def _distant(block: Block, elements: Sequence[Element], paths: _Paths) -> Line:
    text, element = block.text, block.element
    return Line(
        block.position,
        text,
        block.kind,
        elements[element].tag,
        paths.of(element),
        block.link_chars / len(text),
        block.hidden,
        block.gap_before,
        text.count(" ") + 1,
    )


class _Paths:
    """The way from an element up to the root. Siblings share the way above them, which is walked once."""

    def __init__(self, elements: Sequence[Element]) -> None:
        self._elements = elements
        self._above: dict[int, tuple[int, ...]] = {}  # element -> it and all above

    def of(self, element: int) -> tuple[int, ...]:
        parent = self._elements[element].parent
        above = self._above.get(parent)
        if above is None:
            above = self._above[parent] = self._walk(parent)
        return (element, *above)

    def _walk(self, element: int) -> tuple[int, ...]:
        path = []
        while element >= 0:
            path.append(element)
            element = self._elements[element].parent
        return tuple(path)


def _is_copyright(text: str, normal: str) -> bool:
    # One of these is in every match, and most lines have none.
    signs = "©" in text or "(c)" in text or "(C)" in text or "copy" in normal or "all rights" in normal
    return signs and _COPYRIGHT.search(text) is not None


def _reads_as_prose(text: str, word_count: int, ends: bool) -> bool:
    if word_count < _FEWEST_PROSE_WORDS:
        return False
    return word_count >= _LONG_WORDS or ends or text.endswith(":") or has_inner_sentence(text)


def _is_firm(text: str, word_count: int, ends: bool, full: bool) -> bool:
    if word_count > _SOFT_WORDS or full:
        return True
    if ends and has_inner_sentence(text):
        return True
    return text.endswith(":") or is_listed(text)
