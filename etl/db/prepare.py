"""What one document becomes in the database: plain values, made before the transaction begins."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import zstandard

from etl.db.rows import Row
from etl.errors import Reject
from etl.records import Folded, Moment, RawDocument, Rejected, utc
from etl.text import text_hash

LONGEST_NAME_BYTES = 2000  # PostgreSQL indexes 2,704 bytes at most; the same limit on both engines
HASHED_RULES = ("repeat", "known")  # whose removed blocks are looked up by what they say
_LEVEL = 3  # zstd's own default: a page shrinks to a fifth at 300 MB/s
# Neither engine can hold these two in a text: the NUL character and half a surrogate pair.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class PreparedDocument:
    """A document that was read."""

    uri: str
    sha256: str
    source: str
    media_type: str
    charset: str | None
    fetched_at: datetime  # UTC, to the second
    body: bytes  # compressed
    size: int  # bytes before compression
    robots: str | None
    redirects: list[tuple[int, str]] | None

    @property
    def key(self) -> tuple[str, str]:
        return (self.uri, self.sha256)


@dataclass(frozen=True, slots=True)
class PreparedArticle:
    """A document with its article, as rows that only lack the keys of other rows."""

    document: PreparedDocument
    identity: str
    publisher: str | None
    authors: tuple[str, ...]
    row: Row  # of article
    paragraphs: list[tuple[Any, ...]]  # in the order of PARAGRAPH, without the article
    removed: list[tuple[Any, ...]]  # in the order of REMOVED, without the article
    sketch: tuple[int, ...]
    signature: bytes | None


@dataclass(frozen=True, slots=True)
class PreparedRejection:
    """A document without an article."""

    document: PreparedDocument | None  # None: nothing could be read
    row: Row  # of rejection

    @property
    def key(self) -> tuple[str, str]:
        return (self.row["uri"], self.row["sha256"])


PARAGRAPH = ("article_id", "position", "block_position", "char_start", "char_end", "kind", "word_count", "text_hash")
REMOVED = ("article_id", "position", "text", "rule", "detail", "rule_version", "text_hash")


def article(folded: Folded) -> PreparedArticle:
    """Return the rows of a document that came through. raises Reject for names no index can hold."""
    clean, print_, meta = folded.article, folded.fingerprint, folded.article.metadata
    _check_lengths(folded)
    texts = [storable(p.text) for p in clean.paragraphs]
    document = _document(folded.raw, folded.charset)
    row = {
        "headline": _optional(meta.headline),
        "standfirst": _optional(meta.standfirst),
        "body": "\n\n".join(texts),
        **{name: _optional(getattr(meta, name)) for name in _AS_THEY_ARE},
        **_moment("published", meta.published),
        **_moment("modified", meta.modified),
        "keywords": [storable(word) for word in meta.keywords],
        "is_accessible_for_free": meta.is_accessible_for_free,
        "declared_language": meta.declared_language,
        "repaired": meta.repaired,
        "origins": dict(meta.origins),
        "word_count": print_.word_count,
        "text_hash": print_.text_hash,
        "rule_version": clean.rule_version,
        "fetched_at": document.fetched_at,
    }
    return PreparedArticle(
        document=document,
        identity=storable(clean.identity),
        publisher=_optional(meta.publisher),
        authors=tuple(dict.fromkeys(storable(name) for name in meta.authors)),
        row=row,
        paragraphs=_paragraphs(folded, texts),
        removed=_removed(folded),
        sketch=tuple(sorted(set(print_.sketch))),
        signature=print_.signature,
    )


def rejection(rejected: Rejected, rule_version: str | None) -> PreparedRejection:
    """Return the rows of a document that did not; rules have no part in what could not be read."""
    document = _document(rejected.raw, rejected.raw.charset) if rejected.raw else None
    uri, sha256 = document.key if document else (address(rejected.uri), "")
    return _rejection(document, uri, sha256, rejected.stage, rejected.reason, rejected.detail, rule_version)


def unstorable(lost: PreparedArticle, said: str) -> PreparedRejection:
    """Return the rows of a document whose article the database refuses, and what it said."""
    uri, sha256 = lost.document.key
    return _rejection(lost.document, uri, sha256, "load", "unstorable", said, lost.row["rule_version"])


def _rejection(
    document: PreparedDocument | None, uri: str, sha256: str, stage: str, reason: str, detail: str, rules: str | None
) -> PreparedRejection:
    row = {"uri": uri, "sha256": sha256, "stage": stage, "reason": storable(reason), "detail": storable(detail)}
    return PreparedRejection(document, row | {"rule_version": rules if document else None})


def address(uri: str) -> str:
    """Return the uri as it is stored: whole, or where it is too long for an index its beginning and its hash."""
    stored = storable(uri)
    if len(stored.encode()) <= LONGEST_NAME_BYTES:
        return stored
    digest = hashlib.sha256(stored.encode()).hexdigest()
    return stored.encode()[: LONGEST_NAME_BYTES // 2].decode(errors="ignore") + "…sha256=" + digest


def storable(text: str) -> str:
    """Return the text without the characters that no database holds."""
    if text.isascii():  # a search in C, where a pattern asks each letter
        return text.replace("\0", "")
    return _UNSTORABLE.sub("", text) if _UNSTORABLE.search(text) else text


_AS_THEY_ARE = ("url", "canonical_url", "guid", "external_id", "language", "section", "agency", "dateline")


def _check_lengths(folded: Folded) -> None:
    meta = folded.article.metadata
    named = {"uri": folded.raw.uri, "identity": folded.article.identity, "url": meta.url}
    named |= {"external_id": meta.external_id, "publisher": meta.publisher}
    for name, text in [*named.items(), *(("author", author) for author in meta.authors)]:
        if text and len(text.encode(errors="ignore")) > LONGEST_NAME_BYTES:
            raise Reject("load", "name_too_long", f"{name} of {len(text)} characters: {text[:80]}...")


def _optional(text: str | None) -> str | None:
    return None if text is None else storable(text)


def _second(moment: datetime) -> datetime:
    return utc(moment).replace(microsecond=0)


def _document(raw: RawDocument, charset: str | None) -> PreparedDocument:
    return PreparedDocument(
        uri=address(raw.uri),
        sha256=raw.sha256,
        source=storable(raw.source),
        media_type=storable(raw.media_type),
        charset=_optional(charset),
        fetched_at=_second(raw.fetched_at),
        body=_compress(raw.body),
        size=len(raw.body),
        robots=raw.robots,
        redirects=[(status, storable(to)) for status, to in raw.redirects] or None,
    )


def _compress(body: bytes) -> bytes:
    return zstandard.ZstdCompressor(level=_LEVEL).compress(body)


def _moment(name: str, moment: Moment | None) -> Row:
    if moment is None:
        return dict.fromkeys(f"{name}_{part}" for part in ("at", "raw", "precision", "zone", "origin"))
    return {
        f"{name}_at": _second(moment.at),
        f"{name}_raw": storable(moment.raw),
        f"{name}_precision": moment.precision,
        f"{name}_zone": moment.zone,
        f"{name}_origin": moment.origin,
    }


def _paragraphs(folded: Folded, texts: list[str]) -> list[tuple[Any, ...]]:
    rows, start, made = [], 0, folded.fingerprint
    given: Iterable[Any] = zip(
        folded.article.paragraphs, texts, made.paragraph_words, made.paragraph_hashes, strict=True
    )
    for position, (paragraph, text, words, hash_) in enumerate(given):
        end = start + len(text)
        rows.append((position, paragraph.position, start, end, paragraph.kind, words, hash_))
        start = end + 2  # the blank line between paragraphs
    return rows


def _removed(folded: Folded) -> list[tuple[Any, ...]]:
    version = folded.article.rule_version
    return [
        (
            block.position,
            storable(block.text),
            block.rule,
            storable(block.detail),
            version,
            text_hash(block.text) if block.rule in HASHED_RULES else None,
        )
        for block in folded.article.removed
    ]
