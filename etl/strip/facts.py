"""Facts about the lines of a document, computed once. All rules read them, none changes them."""

from __future__ import annotations

import re
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Line:
    """One block with its facts. What stands far from the story is not read: it has the first ones alone."""

    index: int  # position of the block
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


def line_of(block: Block, elements: tuple[Element, ...]) -> Line:
    """Return a block with its facts."""
    text, reading = block.text, read(block.text)
    word_count = reading.count
    hits = load().hits(text)
    short = word_count <= _SOFT_WORDS and len(text) <= _SOFT_CHARS
    moment = short and is_moment(text)
    authors = named_authors(text) if short else ()
    copyright_line = (
        word_count <= 2 * _LONG_WORDS and len(text) <= 2 * _SOFT_CHARS and _is_copyright(text, reading.normal)
    )
    junk = copyright_line or moment or bool(authors) or any(h.section not in _NOT_JUNK for h in hits)
    prose = not junk and block.link_chars <= _MOSTLY_LINK * len(text) and _reads_as_prose(text, word_count)
    return Line(
        *_place(block, elements),
        word_count,
        reading.words,
        reading.normal,
        hits,
        ends_sentence(text),
        ends_fully(text),
        is_title_like(text, word_count),
        moment,
        authors,
        copyright_line,
        prose,
        prose and _is_firm(text, word_count),
    )


def distant_line_of(block: Block, elements: tuple[Element, ...]) -> Line:
    """Return a block far from the story with the facts that cost nothing; it is never prose."""
    return Line(*_place(block, elements), block.text.count(" ") + 1)


def _place(block: Block, elements: tuple[Element, ...]) -> tuple[int, str, str, str, tuple[int, ...], float, bool, int]:
    """Return the facts of a line that need no reading, in their order."""
    text = block.text
    path = _path(block.element, elements)
    share = block.link_chars / len(text)
    return block.position, text, block.kind, elements[block.element].tag, path, share, block.hidden, block.gap_before


def _is_copyright(text: str, normal: str) -> bool:
    # One of these is in every match, and most lines have none.
    signs = "©" in text or "(c)" in text or "(C)" in text or "copy" in normal or "all rights" in normal
    return signs and _COPYRIGHT.search(text) is not None


def _path(element: int, elements: tuple[Element, ...]) -> tuple[int, ...]:
    path = []
    while element >= 0:
        path.append(element)
        element = elements[element].parent
    return tuple(path)


def _reads_as_prose(text: str, word_count: int) -> bool:
    if word_count < _FEWEST_PROSE_WORDS:
        return False
    return word_count >= _LONG_WORDS or ends_sentence(text) or text.endswith(":") or has_inner_sentence(text)


def _is_firm(text: str, word_count: int) -> bool:
    if word_count > _SOFT_WORDS or ends_fully(text):
        return True
    if ends_sentence(text) and has_inner_sentence(text):
        return True
    return text.endswith(":") or is_listed(text)
