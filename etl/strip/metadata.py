"""The final metadata: what page and record gave, and from the text only what they did not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from etl.agencies import credited
from etl.records import Metadata, Moment
from etl.strip.credits import agency_of, byline_at, dateline_in, modified_in, published_in
from etl.strip.facts import Line
from etl.strip.head import tidy
from etl.strip.names import clean_authors
from etl.strip.page import Page

# Fields whose origin is told.
_TOLD = (
    "headline", "standfirst", "authors", "published", "modified", "language", "canonical_url", "publisher", "section",
    "keywords", "is_accessible_for_free", "agency", "dateline",
)  # fmt: skip
_NOTHING = (None, ())


def complete(page: Page, kept: Sequence[Line]) -> Metadata:
    """Return the metadata with headline, standfirst, authors, dates, agency and dateline filled from the text.

    Nothing that was given is overwritten, and no date is taken from prose.
    """
    given = page.metadata
    authors = clean_authors(given.authors)
    body = tuple(x.text for x in kept if x.prose)
    languages = (given.language,) if given.language else ()
    found: dict[str, Any] = {
        "headline": tidy(given.headline or page.head.headline or "") or None,
        "standfirst": given.standfirst or page.head.standfirst,
        "authors": authors or _authors(page),
        "published": given.published or published_in(page, languages),
        "modified": given.modified or modified_in(page, languages),
        "agency": given.agency or _agency_author(given.authors) or agency_of(page, body),
        "dateline": given.dateline or (dateline_in(body[0])[0] if body else None),
    }
    return replace(given, **found, origins=_origins(given, {"authors": authors}, found))


def _origins(given: Metadata, cleaned: Mapping[str, Any], found: Mapping[str, Any]) -> dict[str, str]:
    """Return where each field was found: where the page or the record says so, else in the text.

    cleaned  fields that count as given only as far as something of them is left.
    """
    origins = {}
    for name in _TOLD:
        said = getattr(given, name)
        value = found.get(name, said)
        if isinstance(value, Moment):
            origins[name] = value.origin
        elif value not in _NOTHING:
            was_given = cleaned.get(name, said) not in _NOTHING
            origins[name] = given.origins.get(name, "text") if was_given else "text"
    return origins


def _authors(page: Page) -> tuple[str, ...]:
    """Return the people of the first byline."""
    people = next(iter(byline_at(page).values()), ())
    return clean_authors(people)


def _agency_author(authors: Sequence[str]) -> str | None:
    return next((found for a in authors if (found := credited(a))), None)
