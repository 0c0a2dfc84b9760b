"""What matching reads in one body: its words, where they stand, and which of them are names, numbers, quoted."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from etl.text import word_spans

_READINGS_KEPT = 512  # of the latest bodies: one article is compared with many
_KEPT_CHARS = 50_000  # longer bodies are read anew, so that the kept ones stay under about 100 MB

# One quotation; its length is bounded because a page may open 100,000 and close none.
_QUOTED = re.compile(r'"[^"\n]{0,2000}"|“[^”\n]{0,2000}”|«[^»\n]{0,2000}»|„[^“”\n]{0,2000}[“”]|「[^」\n]{0,2000}」')
# A picture's caption: one short paragraph that ends with a credit in brackets.
_CAPTION = re.compile(r"(?:^|(?<=\n))[^\n]{0,240}\([^()\n]{3,60}\)[.]?(?=\n|$)")
_SENTENCE_END = frozenset(".!?:;\"“”„«»'’‘()[]—–-\n")


@dataclass(frozen=True, slots=True)
class Reading:
    """One body, word by word. All tuples are as long as `words`."""

    words: tuple[str, ...]  # in normal form
    starts: tuple[int, ...]  # character spans [start, end) in the body
    ends: tuple[int, ...]
    names: tuple[bool, ...]  # capital letter where the start of a sentence does not ask for one
    numbers: tuple[bool, ...]  # holds a digit
    paragraphs: tuple[int, ...]  # number of the word's paragraph
    told: tuple[bool, ...]  # the writer's own telling: neither inside quotation marks nor in a caption


def read(body: str) -> Reading:
    """Return what matching needs to know of a body."""
    return _kept(body) if len(body) <= _KEPT_CHARS else _read(body)


def _read(body: str) -> Reading:
    spans = word_spans(body)
    words = tuple(w for w, _, _ in spans)
    starts = tuple(s for _, s, _ in spans)
    ends = tuple(e for _, _, e in spans)
    return Reading(
        words=words,
        starts=starts,
        ends=ends,
        names=_names(body, spans),
        numbers=tuple(not w.isalpha() and any(map(str.isdigit, w)) for w in words),
        paragraphs=_paragraphs(body, starts),
        told=_told(body, starts),
    )


_kept = lru_cache(maxsize=_READINGS_KEPT)(_read)


def _names(body: str, spans: Sequence[tuple[str, int, int]]) -> tuple[bool, ...]:
    """Return which words are written like names; at the start of a sentence the next word must be so too.

    Long words in capitals are not: datelines and headings are written like that.
    """
    capital = [body[s].isupper() and (e - s < 4 or not body[s:e].isupper()) for _, s, e in spans]
    following = [*capital, False][1:]
    return tuple(c and (n or not _opens(body, span[1])) for c, n, span in zip(capital, following, spans, strict=True))


def _opens(body: str, start: int) -> bool:
    """Say whether a word begins a sentence, by the mark in front of it."""
    before = body[max(0, start - 3) : start].rstrip(" ")
    return not before or before[-1] in _SENTENCE_END


def _paragraphs(body: str, starts: tuple[int, ...]) -> tuple[int, ...]:
    breaks = [m.start() for m in re.finditer("\n", body)]
    return tuple(bisect_left(breaks, start) for start in starts)


def _told(body: str, starts: tuple[int, ...]) -> tuple[bool, ...]:
    """Return which words stand outside quotation marks and captions."""
    apart = sorted((m.start(), m.end()) for pattern in (_QUOTED, _CAPTION) for m in pattern.finditer(body))
    told, at, until = [], 0, 0
    for start in starts:
        while at < len(apart) and apart[at][0] <= start:
            until = max(until, apart[at][1])
            at += 1
        told.append(start >= until)
    return tuple(told)
