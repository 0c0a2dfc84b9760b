"""Lines that are a known phrase: what most rules about leftovers come down to."""

from __future__ import annotations

from collections.abc import Iterable

from etl.strip.page import Page
from etl.strip.verdicts import Verdict


def prompts(page: Page, section: str) -> Iterable[Verdict]:
    """Yield the lines that are, are labelled with or begin with a phrase of a section.

    A phrase that proves something only at the edge of a text counts before or after the prose alone.
    """
    for line in page.saying.get(section, ()):
        if hit := line.says(section, edge=page.at_edge(line.index)):
            yield Verdict(line.index, hit.phrase)


def parts(page: Page, section: str) -> Iterable[Verdict]:
    """Yield the lines in elements of a page whose names say that they belong to a section."""
    for index in page.parts.get(section, ()):
        yield Verdict(index, "named so by its element", True)  # soft
