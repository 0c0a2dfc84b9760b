"""The date that a page shows its readers beside the headline, where nothing states one for machines."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from etl.dates import written_in
from etl.records import Block, Element, Moment
from etl.text import normal_form

_HEADINGS = frozenset(("h1", "h2", "h3", "h4"))
_BEHIND, _BEFORE = 10, 5  # blocks from the headline; a byline stands no further away
_LONG_BLOCKS = 2  # standfirst and first paragraph; what follows them is the body
_LINKED_BLOCKS = 2  # this near to the headline a date beside links is no teaser's
_LONGEST_WORDS = 20  # of a byline or a date line; in longer blocks only a dateline at the very front is one
_FEW_WORDS = 2  # beside a date that stands alone: a weekday, a place
_DATELINE_CHARS = 60
_LABEL_CHARS = 30
_SEEN_CHARS = 300  # of a block; twenty words have no more
_CHANGED = re.compile(
    r"(?:updated?|modified|edited|revised|aktualisiert|geändert|überarbeitet|mis à jour|modifié"
    r"|actualizad[oa]|atualizado|aggiornat[oa]|bijgewerkt|обновлено|изменено|оновлено|змінено)\W*(?:\w+\W+){0,2}$",
    re.IGNORECASE,
)
_PUBLISHED = re.compile(
    r"\b(?:published|posted|veröffentlicht|publiziert|erschienen|erstellt|publiée?|publicad[oa]|pubblicat[oa]|gepubliceerd"
    r"|публикация|опубликовано|опубліковано)(?:\W+(?:on|am|le|el|em|il|op))?\W*$",
    re.IGNORECASE,
)
_SIGNED = re.compile(
    r"^(?:(?:written |reported |text |words )?by|(?:ein |blog |gast)?(?:text|beitrag|interview)? ?von|par|por|di"
    r"|autor(?:in|en|a|e)?s?:|author:|auteure?:|text(?: (?:und|&) fotos?)?:|автор:)\s*(?=[^\W\d_])",
    re.IGNORECASE,
)
_LONGEST_BYLINE_WORDS = 10
_UNTIL = re.compile(r"(?:\b(?:bis|until|till|to|au|hasta|al|до)|\d\s?[–—-])\s*$", re.IGNORECASE)
_PARTED = re.compile(r"\s*[|–—:(-]")

Reader = Callable[[str, str], Moment | None]


def shown(headline: str | None, blocks: Sequence[Block], elements: Sequence[Element], read: Reader) -> Moment | None:
    """Return the date nearest to the headline, else the only one that is called that of publication or stands alone.

    Not one in prose, and not that of a change or the end of something.
    """
    for block in _around(_place(headline, blocks, elements), blocks, elements):
        text = block.text[:_SEEN_CHARS]
        for start, date in written_in(text):
            if _is_told(text, start, date) and (found := read(date, "text")):
                return found
    return _agreed(blocks, _is_called, read) or _agreed(blocks, _is_alone, read)


def bylines(headline: str | None, blocks: Sequence[Block], elements: Sequence[Element]) -> list[str]:
    """Return the short blocks beside the headline that begin as a byline does: "By Ann Lee", "Text: Bo Ek"."""
    return [
        block.text
        for block in _around(_place(headline, blocks, elements), blocks, elements)
        if len(block.text.split()) <= _LONGEST_BYLINE_WORDS and _SIGNED.match(block.text)
    ]


def _place(headline: str | None, blocks: Sequence[Block], elements: Sequence[Element]) -> int | None:
    """Return the index of the block that holds the headline: the heading of the highest rank that says it.

    Else the first <h1>, else another block that says it and nothing more. What is a link leads to another page.
    """
    key = normal_form(headline or "")
    own = [place for place, block in enumerate(blocks) if not (block.hidden or _is_linked(block))]
    headings = [(elements[blocks[place].element].tag, place) for place in own]
    headings = [(tag, place) for tag, place in headings if tag in _HEADINGS]
    said = [(tag, place) for tag, place in headings if key and key in normal_form(blocks[place].text)]
    firsts = said or [(tag, place) for tag, place in headings if tag == "h1"]
    if firsts:
        return min(firsts)[1]
    longest = 2 * len(headline or "")
    return next((at for at in own if len(blocks[at].text) <= longest and normal_form(blocks[at].text) == key), None)


def _around(place: int | None, blocks: Sequence[Block], elements: Sequence[Element]) -> Iterator[Block]:
    """Yield the blocks that may hold a byline: those behind the headline down to the body, then those before it."""
    if place is None:
        return
    long = 0
    for distance, block in enumerate(blocks[place + 1 : place + 1 + _BEHIND]):
        if (
            long < _LONG_BLOCKS
            and not (_is_linked(block) and distance >= _LINKED_BLOCKS)
            and _is_plain(block, elements)
        ):
            yield block
        long += _is_long(block.text)
    yield from (
        block
        for block in reversed(blocks[max(0, place - _BEFORE) : place])
        if not _is_linked(block) and _is_plain(block, elements)
    )


def _is_linked(block: Block) -> bool:
    return block.link_chars * 2 > len(block.text)


def _is_plain(block: Block, elements: Sequence[Element]) -> bool:
    return not block.hidden and elements[block.element].tag not in ("figcaption", *_HEADINGS)


def _is_long(text: str) -> bool:
    return len(text.split()) > _LONGEST_WORDS


def _is_told(text: str, start: int, date: str) -> bool:
    """Return whether a date in a block is said of the article and not by it."""
    before = text[max(0, start - _LABEL_CHARS) : start]
    if _CHANGED.search(before) or _UNTIL.search(before):
        return False
    if not _is_long(text):
        return not text.rstrip().endswith(".")
    return start + len(date) <= _DATELINE_CHARS and _PARTED.match(text, start + len(date)) is not None


def _agreed(blocks: Sequence[Block], is_it: Callable[[str, int, str], bool], read: Reader) -> Moment | None:
    """Return the date of such short blocks, if all of them on the page are of one day."""
    found = [
        moment
        for block in blocks
        if not block.hidden and len(block.text) <= _SEEN_CHARS and not _is_long(block.text)
        for start, date in written_in(block.text)
        if is_it(block.text, start, date) and (moment := read(date, "text"))
    ]
    return found[0] if len({moment.at.date() for moment in found}) == 1 else None


def _is_called(text: str, start: int, date: str) -> bool:
    return _PUBLISHED.search(text[max(0, start - _LABEL_CHARS) : start]) is not None


def _is_alone(text: str, start: int, date: str) -> bool:
    return len(text.split()) - len(date.split()) <= _FEW_WORDS and _is_told(text, start, date)
