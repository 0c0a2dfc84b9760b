"""The head of a document: which lines are its headline, which one is its standfirst.

Given metadata wins: a line is the headline because it says what the record or the page says. Where they say
nothing, a dump's first line is one if it looks like one; nothing is invented for a text that begins as prose.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from etl.agencies import credited
from etl.records import Element, Metadata, ParsedDocument
from etl.strip.body import Choice
from etl.strip.captions import has_credit
from etl.strip.classes import deck_names
from etl.strip.facts import HEADINGS, Line
from etl.strip.names import bare_authors, is_name, is_role
from etl.strip.reading import read
from etl.strip.shapes import has_inner_sentence, starts_high, trimmed

_HEAD_LINES = 12  # a headline is repeated within these, or not at all
_FEWEST_TITLE_WORDS = 3
_LONGEST_HEADLINE_WORDS = 20  # a longer line with a full stop is a paragraph
_KICKER_WORDS = 3
_SITE_WORDS = 6  # "Headline - The Site" has at most these behind the headline
_REPEATED_WORDS = 4
_LONGEST_DECK_WORDS = 45
_DECK_SHARE = 0.7  # of the median paragraph; a longer sentence is the first paragraph
_DATELINE = re.compile(r"^[^\W\d_][^.!?]{0,50}?[)\]]?\s?[–—-]{1,2}\s|^[^.!?]{0,60}\((?:[A-Z][\w-]+ ?){1,3}\)\s")
_SIMILAR = 0.8
_DECK_LINES = 15  # a page's standfirst stands within these, from the headline on
_DECK_SURE = 2
_LONGEST_PAGE_DECK_WORDS = 80
_LINKED = 0.3


@dataclass(frozen=True, slots=True)
class Head:
    headline: str | None = None
    headline_at: tuple[int, ...] = ()  # every line that is the headline
    kicker_at: tuple[int, ...] = ()  # one or two words over a dump's headline
    standfirst: str | None = None
    standfirst_at: tuple[int, ...] = ()


def find_head(document: ParsedDocument, lines: Sequence[Line], choice: Choice) -> Head:
    """Return the headline and standfirst of a document and the lines they stand in."""
    if document.media_type == "text/plain":
        return _of_text(lines, document.metadata)
    return _of_page(lines, document.elements, document.metadata, choice)


# ---- plain text


def _of_text(lines: Sequence[Line], metadata: Metadata) -> Head:
    top = [x for x in lines if not _is_meta(x)][:_HEAD_LINES]
    headline, at = metadata.headline, _without_paragraphs(_given(top, metadata.headline), lines)
    kickers: tuple[int, ...] = ()
    if headline is None and (found := _titled(top, lines)):
        headline, at, kickers = found
    if not at:
        return Head(headline, (), (), metadata.standfirst, _given(top, metadata.standfirst))
    last = max(at)
    standfirst_at = _given(top, metadata.standfirst)
    standfirst = metadata.standfirst
    if standfirst is None and (deck := _deck(lines, last)):
        standfirst, standfirst_at = deck.text, (deck.index,)
    return Head(headline, at, kickers, standfirst, standfirst_at)


def _is_meta(line: Line) -> bool:
    """Return whether a line over or under the headline is about the article, not of it."""
    return line.moment or bool(line.authors) or line.copyright or any(h.section != "byline" for h in line.hits)


def _given(top: Sequence[Line], text: str | None) -> tuple[int, ...]:
    normal = read(text or "").normal
    return tuple(x.index for x in top if _says(x.normal, normal)) if normal else ()


def _without_paragraphs(at: Sequence[int], lines: Sequence[Line]) -> tuple[int, ...]:
    """Return the lines of a given headline without those that are text: given headlines may be the first sentence.

    A paragraph is longer than a headline, and the only sentence of a document is its text.
    """
    told = {x.index for x in lines if x.firm}
    if told and told <= set(at):
        return tuple(i for i in at if i not in told)
    return tuple(i for i in at if i not in told or lines[i].words <= _LONGEST_HEADLINE_WORDS)


def _says(line: str, headline: str) -> bool:
    """Return whether a line is the headline, alone or with the site's name behind it."""
    if line == headline:
        return True
    if not line.startswith(headline + " ") or len(headline.split()) < _REPEATED_WORDS:
        return False
    return len(line[len(headline) :].split()) <= _SITE_WORDS


def _titled(top: Sequence[Line], lines: Sequence[Line]) -> tuple[str, tuple[int, ...], tuple[int, ...]] | None:
    """Return headline, its lines and the kickers over it, if the text begins with a headline."""
    if not top or not any(x.firm for x in lines):
        return None
    kickers: list[int] = []
    for line, following in pairwise(top):
        if _is_kicker(line, following):
            kickers.append(line.index)
            continue
        again = tuple(x.index for x in top if x.index != line.index and _repeats(x.normal, line.normal))
        if not _is_headline(line, again, lines):
            return None
        same = min((x for x in top if x.index in (*again, line.index)), key=lambda x: (x.words, x.index))
        return tidy(same.text), (line.index, *again), tuple(kickers)
    return None


def _repeats(other: str, line: str) -> bool:
    """Return whether one of two lines is the other with at most a site's name behind it."""
    return _says(line, other) or _says(other, line)


def _is_kicker(line: Line, following: Line) -> bool:
    return (
        line.words <= _KICKER_WORDS
        and not line.ends
        and following.words > line.words
        and following.title_like
        and not following.firm
        and not is_name(following.text)
        and following.words >= _REPEATED_WORDS
    )


def _is_headline(line: Line, again: tuple[int, ...], lines: Sequence[Line]) -> bool:
    if not line.title_like or line.kind == "list" or line.firm or (line.words < _FEWEST_TITLE_WORDS and not again):
        return False
    return bool(again) or _is_over_text(line, lines)


def _is_over_text(line: Line, lines: Sequence[Line]) -> bool:
    """Return whether a line stands apart from the text below it: by an empty line, a byline, a date, a caption.

    In a dump without any empty lines it is enough that the first paragraph follows.
    """
    after = lines[line.index + 1] if line.index + 1 < len(lines) else None
    if after is None:
        return False
    if after.gap_before > 0 or _is_meta(after) or _is_credit(after):
        return True
    return after.firm and after.words > line.words and not any(x.gap_before for x in lines[1:])


def _is_credit(line: Line) -> bool:
    text = line.text
    named = bare_authors(text) or is_role(text) or credited(trimmed(text))
    return bool(named) or has_credit(text, line.words)


def tidy(text: str) -> str:
    """Return a headline as found, without the comma or bar that trails it."""
    return text.rstrip(" ,;|–—-•·")


def _deck(lines: Sequence[Line], headline_at: int) -> Line | None:
    """Return the line that stands like a deck between the headline and the first paragraph."""
    below = [x for x in lines[headline_at + 1 :] if not _is_meta(x) or x.says("caption")]
    if not below:
        return None
    deck = below[0]
    if deck.kind == "list" or not _FEWEST_TITLE_WORDS < deck.words <= _LONGEST_DECK_WORDS or not starts_high(deck.text):
        return None
    if (
        has_inner_sentence(deck.text)
        or deck.text.endswith(":")
        or _DATELINE.match(deck.text)
        or bare_authors(deck.text)
    ):
        return None
    later = [x.words for x in lines[deck.index + 1 :] if x.firm]
    if not later or (deck.gap_before == 0 and lines[deck.index - 1].index == headline_at and not deck.ends):
        return None
    if not deck.ends:
        return deck if deck.words > 2 * _KICKER_WORDS else None
    return deck if deck.words <= _DECK_SHARE * median(later) and _is_set_off(lines, deck.index) else None


def _is_set_off(lines: Sequence[Line], index: int) -> bool:
    """Return whether a caption, a byline or a date parts a line from the first paragraph."""
    if index + 1 >= len(lines):
        return False
    after = lines[index + 1]
    about = after.says("caption", "byline", "reading_time") is not None or after.moment or bool(after.authors)
    return about or _is_credit(after)


# ---- pages


def _of_page(lines: Sequence[Line], elements: Sequence[Element], metadata: Metadata, choice: Choice) -> Head:
    headline = metadata.headline or _first_h1(lines, choice)
    at = _headline_lines(lines, headline, choice)
    deck = _page_deck(lines, elements, metadata, choice, at)
    standfirst = metadata.standfirst or (lines[deck[0]].text if deck else None)
    return Head(headline, at, (), standfirst, deck)


def _first_h1(lines: Sequence[Line], choice: Choice) -> str | None:
    found = (x for x in lines if x.tag == "h1" and x.words > 1 and x.index not in choice.family_of)
    line = next(found, None)
    return line.text if line else None


def _headline_lines(lines: Sequence[Line], headline: str | None, choice: Choice) -> tuple[int, ...]:
    first = min((x.index for x in lines if x.firm and x.index in choice.body), default=len(lines))
    normal = read(headline or "").normal
    equal = [x.index for x in lines if x.normal == normal or _is_like_headline(x, normal)] if normal else []
    over = [x.index for x in lines if x.tag == "h1" and x.index < first and x.index in choice.body]
    return tuple(sorted({*equal, *over}))


def _is_like_headline(line: Line, headline: str) -> bool:
    if line.tag not in HEADINGS:
        return False
    a, b = set(read(line.text).words), set(headline.split())
    return len(a) >= _FEWEST_TITLE_WORDS and len(a & b) >= _SIMILAR * max(len(a), len(b))


def _page_deck(
    lines: Sequence[Line],
    elements: Sequence[Element],
    metadata: Metadata,
    choice: Choice,
    headline_at: Sequence[int],
) -> tuple[int, ...]:
    """Return the lines of the standfirst: what the page gives as one, or named so and apart from the paragraphs."""
    if metadata.standfirst:
        normal = read(metadata.standfirst).normal
        return tuple(x.index for x in lines if x.normal == normal)
    top = range(min(headline_at, default=0), len(lines))
    for line in (lines[i] for i in top[:_DECK_LINES]):
        if line.index not in headline_at and _is_deck_of_page(line, elements, choice):
            return (line.index,)
    return ()


def _is_deck_of_page(line: Line, elements: Sequence[Element], choice: Choice) -> bool:
    own = line.path[:2]
    sureness = max(deck_names(elements[e]) for e in own)
    return (
        (sureness == _DECK_SURE or (sureness > 0 and choice.column not in line.path))
        and _FEWEST_TITLE_WORDS < line.words <= _LONGEST_PAGE_DECK_WORDS
        and line.link_share < _LINKED
        and line.index not in choice.family_of
        and not _is_meta(line)
    )
