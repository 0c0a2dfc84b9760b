"""The final metadata: what page and record gave, and from the text only what they did not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

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


def complete(page: Page, kept: Sequence[Line]) -> Metadata:
    """Return the metadata with headline, standfirst, authors, dates, agency and dateline filled from the text.

    Nothing that was given is overwritten, and no date is taken from prose.
    """
    given = page.metadata
    authors = clean_authors(given.authors)
    body = tuple(x.text for x in kept if x.prose)
    languages = (given.language,) if given.language else ()
    final = replace(
        given,
        headline=tidy(given.headline or page.head.headline or "") or None,
        standfirst=given.standfirst or page.head.standfirst,
        authors=authors or _authors(page),
        published=given.published or published_in(page, languages),
        modified=given.modified or modified_in(page, languages),
        agency=given.agency or _agency_author(given.authors) or agency_of(page, body),
        dateline=given.dateline or (dateline_in(body[0])[0] if body else None),
    )
    return replace(final, origins=_origins(replace(given, authors=authors), final))


def _origins(given: Metadata, final: Metadata) -> dict[str, str]:
    """Return where each field was found: where the page or the record says so, else in the text."""
    found = {}
    for name in _TOLD:
        value = getattr(final, name)
        if isinstance(value, Moment):
            found[name] = value.origin
        elif value not in (None, ()):
            was_given = getattr(given, name) not in (None, ())
            found[name] = given.origins.get(name, "text") if was_given else "text"
    return found


def _authors(page: Page) -> tuple[str, ...]:
    """Return the people of the first byline."""
    people = next(iter(byline_at(page).values()), ())
    return clean_authors(people)


def _agency_author(authors: Sequence[str]) -> str | None:
    return next((found for a in authors if (found := credited(a))), None)
