"""What a kept line is: text, a subheading, a quotation or an item of a list."""

from __future__ import annotations

from etl.records import Kind
from etl.strip.facts import HEADINGS, Line
from etl.strip.page import Page
from etl.strip.shapes import is_listed, starts_high

_LONGEST_SUBHEADING_WORDS = 16


def kind_of(page: Page, line: Line) -> Kind:
    """Return the kind of a kept line; in plain text a short line between paragraphs is a subheading."""
    if line.kind == "list" or (page.plain and is_listed(line.text)):
        return "list"
    if line.kind == "heading" or line.tag in HEADINGS or (page.plain and _is_subheading(page, line)):
        return "heading"
    return "quote" if line.kind == "quote" else "text"


def _is_subheading(page: Page, line: Line) -> bool:
    last = _last_sentence_mark(line.text)
    return (
        line.words <= _LONGEST_SUBHEADING_WORDS
        and not line.firm
        and not last
        and starts_high(line.text)
        and page.first_prose < line.index < page.last_prose
    )


def _last_sentence_mark(text: str) -> bool:
    """Return whether a line ends as a sentence; a question is a fine subheading."""
    return text.rstrip()[-1:] in ".!…:;,\"”»'’"
