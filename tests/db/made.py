"""Folded documents made by hand: the stages above the database are not needed to test it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from etl.records import (
    CleanArticle,
    Fingerprint,
    Folded,
    Metadata,
    Moment,
    Paragraph,
    RawDocument,
    Rejected,
    RemovedBlock,
    Scheme,
)
from etl.text import count_words, text_hash, words

SCHEME = Scheme("made", 128, 1, "xxh32", "affine32", 5, 16, 3, 0, "1")
RULES = "rules-1"
DAY = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def day(number: int) -> datetime:
    """Noon of a day, counted from the first of March."""
    return DAY + timedelta(days=number)


def folded(
    name: str,
    paragraphs: Sequence[str] = ("The council met on Monday and put off the vote on the new bridge again.",),
    *,
    identity: str | None = None,
    headline: str | None = "Council puts off vote",
    published: datetime | None = None,
    modified: datetime | None = None,
    fetched: datetime = DAY,
    publisher: str | None = "The Harbour Post",
    authors: tuple[str, ...] = ("Ada Quill", "Ben Stet"),
    removed: Sequence[tuple[str, str]] = (),
    rules: str = RULES,
    scheme: str = SCHEME.name,
    body: bytes | None = None,
    external_id: str | None = None,
    **said: object,
) -> Folded:
    """A document named `name`; the removed blocks, (text, rule), stand behind the paragraphs."""
    uri = f"https://post.example/{name}"
    kept = tuple(Paragraph(position, "text", text) for position, text in enumerate(paragraphs))
    gone = tuple(RemovedBlock(len(kept) + i, text, rule, "seen") for i, (text, rule) in enumerate(removed))
    metadata = Metadata(
        headline=headline,
        authors=authors,
        published=moment(published),
        modified=moment(modified),
        publisher=publisher,
        url=uri,
        language="en",
        external_id=external_id,
        **said,
    )
    article = CleanArticle(uri, identity or uri, metadata, kept, gone, rules)
    raw = RawDocument(uri, body or f"{headline}\n{article.body}".encode(errors="replace"), "text/plain", fetched)
    return Folded(raw, "utf-8", article, fingerprint(paragraphs, scheme))


def fingerprint(paragraphs: Sequence[str], scheme: str) -> Fingerprint:
    body = "\n\n".join(paragraphs)
    found = words(body)
    shingles = {text_hash(" ".join(found[i : i + 3])) for i in range(len(found) - 2)}
    sketch = tuple(sorted(shingles)[: SCHEME.sketch_size])
    hashes = tuple(text_hash(p) for p in paragraphs)
    counts = tuple(map(count_words, paragraphs))
    return Fingerprint(scheme, text_hash(body), hashes, b"\x01" * 512, sketch, count_words(body), counts)


def moment(at: datetime | None) -> Moment | None:
    return None if at is None else Moment(at, at.isoformat(), "second", "stated", "meta")


def rejected(name: str, body: bytes | None = b"\x00\x01", reason: str = "no_text") -> Rejected:
    uri = f"https://post.example/{name}"
    if body is None:
        return Rejected(uri, "read", "unreadable", "permission denied")
    return Rejected(uri, "strip", reason, "nothing but a form", RawDocument(uri, body, "text/html", DAY))


def sentence(number: int, length: int = 14) -> str:
    """A sentence of its own vocabulary: two numbers share no word."""
    return " ".join(f"w{number}x{i}" for i in range(length)) + "."
