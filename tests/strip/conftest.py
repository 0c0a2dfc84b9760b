from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from etl.parse import parse
from etl.records import CleanArticle, KnownParagraphs, ParsedDocument, RawDocument
from etl.strip import strip

_FETCHED = datetime(2031, 5, 6, tzinfo=UTC)
NOTHING_KNOWN = KnownParagraphs()

Clean = Callable[..., CleanArticle]


def parsed(body: str, media_type: str) -> ParsedDocument:
    return parse(RawDocument("file:///paper/story", body.encode(), media_type, _FETCHED))


@pytest.fixture
def clean_text() -> Clean:
    """Return a function from a text dump to its article."""
    return lambda body, known=NOTHING_KNOWN: strip(parsed(body, "text/plain"), known)


@pytest.fixture
def clean_page() -> Clean:
    """Return a function from the inside of a page's <body> to its article."""
    return lambda body: strip(
        parsed(f"<!doctype html><html lang='en'><body>{body}</body></html>", "text/html"),
        NOTHING_KNOWN,
    )


@pytest.fixture
def parse_text() -> Callable[[str], ParsedDocument]:
    return lambda body: parsed(body, "text/plain")
