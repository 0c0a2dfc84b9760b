"""The standfirst: the description of a page, where it stands on the page for the reader to see."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from etl.records import Block, Element
from etl.text import normal_form

_CALLED = re.compile(
    r"stand-?first|sub-?(?:title|head|line)|dek\b|deck\b|lead\b|lede\b|intro|summary|abstract|chapo|teaser|kicker|ingress|excerpt|"
    r"description|vorspann|entradilla|bajada|sommario|occhiello|catenaccio|tagline|preamble",
    re.IGNORECASE,
)
_FEWEST_WORDS = 5
_BLOCKS_SEEN = 120  # a standfirst does not stand further down


def find(descriptions: Sequence[str], blocks: Sequence[Block], elements: Sequence[Element]) -> str | None:
    """Return the text of the block that says the description word for word, if it stands apart from the body.

    Many sites describe a page by the first paragraph of its body; that one has the next paragraph as
    its sibling and no name of its own, and is no standfirst.
    """
    wanted = {
        key for each in descriptions if len((key := normal_form(each)).split()) >= _FEWEST_WORDS or not each.isascii()
    }
    least, most = _lengths(wanted)
    for place, block in enumerate(blocks[:_BLOCKS_SEEN]):
        if (
            least <= len(block.text) <= most
            and not block.hidden
            and block.kind != "list"
            and block.link_chars * 2 < len(block.text)
            and normal_form(block.text) in wanted
        ):
            if _stands_apart(block, blocks[place + 1 :], elements):
                return block.text
            return None
    return None


def _lengths(wanted: Collection[str]) -> tuple[float, float]:
    """Return how short and how long a text may be to have one of these normal forms, which are dear to look at."""
    lengths = [len(each) for each in wanted] or [0]
    return min(lengths) - 20, 1.3 * max(lengths) + 20


def _stands_apart(block: Block, following: Sequence[Block], elements: Sequence[Element]) -> bool:
    element = elements[block.element]
    if element.tag in ("h2", "h3", "h4") or _CALLED.search(_names(block.element, elements)):
        return True
    siblings = [
        b
        for b in following[:2]
        if elements[b.element].parent == element.parent and elements[b.element].tag == element.tag
    ]
    return not siblings


def _names(index: int, elements: Sequence[Element]) -> str:
    """Return the names of the element and of the one around it."""
    parent = elements[index].parent
    return elements[index].names + " " + (elements[parent].names if parent >= 0 else "")
