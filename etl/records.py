"""The frozen records that cross the borders between stages. Read this first.

    RawDocument -> ParsedDocument -> CleanArticle -> Fingerprint -> (database) -> Match -> Story

Data moves one way: no record points back at the stage that made it, and none is changed afterwards.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal, NamedTuple

Precision = Literal["day", "minute", "second"]
Zone = Literal["stated", "unknown"]
Kind = Literal["text", "heading", "quote", "list"]
Relation = Literal["exact", "near", "contained", "shares_passage"]
Role = Literal["lead", "copy", "abridged", "expanded"]

# Relations that join two articles into a story; the others are only listed.
JOINING: frozenset[Relation] = frozenset(("exact", "near", "contained"))


@dataclass(frozen=True, slots=True)
class Moment:
    """A date as far as it is known. Never "now", never a guess in silence."""

    at: datetime  # aware, UTC; midnight where only the day is known
    raw: str  # the string as found
    precision: Precision
    zone: Zone  # "unknown": the clock was found without a zone and is kept as it stood
    origin: str  # where it was found, as in Metadata.origins

    def iso(self) -> str:
        """Return ISO 8601 that claims no more than is known.

        "2024-11-30", "2024-10-22T20:01:00" (zone unknown) or "2024-10-22T20:01:00Z".
        """
        if self.precision == "day":
            return f"{self.at:%Y-%m-%d}"
        return f"{self.at:%Y-%m-%dT%H:%M:%S}" + ("Z" if self.zone == "stated" else "")


@dataclass(frozen=True, slots=True)
class RawDocument:
    """Bytes from the world, untouched, and where they came from."""

    uri: str  # where exactly: file:///news/a.html, file:///news/day.jsonl#id, https://...
    body: bytes  # a page, a text, or one JSON line with its metadata
    media_type: str  # text/html, text/plain or application/json
    fetched_at: datetime  # aware, UTC: the file's own time, or when it was fetched; never the time of a later run
    source: str = "adhoc"  # name of the source it was read for
    charset: str | None = None  # as declared by the transport, if it did
    robots: str | None = None  # what robots.txt said of it; None: it is not from the web
    redirects: tuple[tuple[int, str], ...] = ()  # on the way to it: status, address
    _sha256: str = field(default="", init=False, repr=False, compare=False)  # once it was asked for

    @property
    def sha256(self) -> str:
        """Return the hex digest of the bytes: with the uri, the natural key of a document."""
        if not self._sha256:
            object.__setattr__(self, "_sha256", hashlib.sha256(self.body).hexdigest())
        return self._sha256


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a document says of itself, outside its body. Null where it says nothing."""

    headline: str | None = None
    standfirst: str | None = None
    authors: tuple[str, ...] = ()
    published: Moment | None = None
    modified: Moment | None = None
    language: str | None = None  # ISO 639-1, lower case: the one declared, unless the text is plainly in another
    declared_language: str | None = None  # the one declared, where it is not the one of the text
    url: str | None = None  # the address it was fetched from
    canonical_url: str | None = None  # the address it claims
    guid: str | None = None  # a feed's own id of the item
    external_id: str | None = None  # the id of a JSONL record
    publisher: str | None = None
    section: str | None = None
    keywords: tuple[str, ...] = ()
    is_accessible_for_free: bool | None = None  # None: not said
    agency: str | None = None
    dateline: str | None = None
    repaired: bool = False  # mojibake was found in text or metadata, and mended
    # Field -> where it was found: given, json-ld, og, meta, microdata, link, html, time, url, title, h1, byline, text,
    # detected.
    origins: Mapping[str, str] = field(default_factory=dict)
    description: str | None = None  # evidence for the standfirst and the body, not stored
    body_text: str | None = None  # articleBody of JSON-LD: evidence for the choice of the body, not stored


class Element(NamedTuple):
    """One block-level element of a page; plain text has a single one."""

    parent: int  # index into ParsedDocument.elements; -1 for the root
    tag: str  # lower case; "" for plain text
    names: str = ""  # its class, id, itemprop and test names, as written
    role: str = ""  # its ARIA role


class Block(NamedTuple):
    """One run of text as it stood in the document, in reading order. Facts only, no verdict."""

    position: int  # 0, 1, 2 ... in reading order, unique in the document
    text: str  # white space folded, never empty
    kind: Kind
    element: int  # index into ParsedDocument.elements of the nearest block-level element
    link_chars: int = 0  # characters of `text` inside <a>, 0 <= link_chars <= len(text)
    hidden: bool = False  # marked as not shown: hidden, aria-hidden, display: none
    gap_before: int = 1  # plain text: empty lines in front of it; 0 where it follows the line above directly


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    """A document as metadata and blocks: what it says, before anything is judged."""

    uri: str
    identity: str  # guid, else canonical URL, else normalised URL, else uri: one article, whatever its text
    media_type: str  # text/html or text/plain: what the blocks were cut from
    charset: str  # the one the bytes were read with
    metadata: Metadata
    blocks: tuple[Block, ...]
    elements: tuple[Element, ...]


@dataclass(frozen=True, slots=True)
class KnownParagraphs:
    """Paragraphs known to repeat across one site, as they were when the run began."""

    by_publisher: Mapping[str, frozenset[int]] = field(default_factory=dict)  # publisher -> text hashes

    def of(self, publisher: str | None) -> frozenset[int]:
        return self.by_publisher.get(publisher or "", frozenset())


class Paragraph(NamedTuple):
    """One kept paragraph. `CleanArticle.body` is its paragraphs joined by a blank line."""

    position: int  # of its block in the document
    kind: Kind
    text: str


class RemovedBlock(NamedTuple):
    """One block that is not in the body, and why: junk, or moved to a column of its own."""

    position: int  # of its block in the document
    text: str
    rule: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class CleanArticle:
    """What is left of a document: the article, and the evidence for everything taken out.

    The positions of paragraphs and removed blocks together are exactly the positions of the blocks.
    """

    uri: str
    identity: str  # as in ParsedDocument
    metadata: Metadata  # final: page, text and given data together
    paragraphs: tuple[Paragraph, ...]  # at least one
    removed: tuple[RemovedBlock, ...]
    rule_version: str

    @property
    def body(self) -> str:
        return "\n\n".join(p.text for p in self.paragraphs)


@dataclass(frozen=True, slots=True)
class Scheme:
    """How fingerprints are made. A change of any field is another scheme, under another name."""

    name: str
    permutations: int
    seed: int
    hash: str  # of words, shingles and texts
    family: str  # of the permutations, datasketch's `scheme`
    shingle_words: int
    sketch_size: int
    sketch_words: int  # words in a shingle of the sketch
    sketch_opening: int  # shingles of a text's opening that are twice as likely in its sketch
    rule_version: str  # of normal form and tokens


@dataclass(frozen=True, slots=True)
class Matcher:
    """How pairs are verified and stories made. A change of any number is another matcher, under another name."""

    name: str
    parameters: Mapping[str, object]  # JSON-able


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What a text is compared by. Fingerprints of different schemes are never compared."""

    scheme: str  # name of the scheme: permutations, seed, hash, shingles, rule version
    text_hash: int  # of the whole body in normal form, signed 64 bit
    paragraph_hashes: tuple[int, ...]  # one per paragraph, in normal form, signed 64 bit
    signature: bytes | None  # MinHash, uint32[permutations] little-endian; None: too short to shingle
    sketch: tuple[int, ...]  # the smallest shingle hashes, signed 64 bit, sorted; empty: too short
    word_count: int
    paragraph_words: tuple[int, ...]  # word count of each paragraph


@dataclass(frozen=True, slots=True)
class Folded:
    """One document that came through all stages above the database."""

    raw: RawDocument
    charset: str
    article: CleanArticle
    fingerprint: Fingerprint
    seconds: float = 0.0  # of one core, parse and strip


@dataclass(frozen=True, slots=True)
class Rejected:
    """One document that did not, with the stage and the reason."""

    uri: str
    stage: str  # read, parse, strip, fingerprint, load
    reason: str  # a stable short name
    detail: str  # for people
    raw: RawDocument | None = None  # None: nothing could be read


@dataclass(frozen=True, slots=True)
class StoredText:
    """An article as matching sees it: what stands in the database, nothing else."""

    article_id: int
    identity: str
    body: str
    published_at: datetime | None  # aware, UTC
    precision: Precision | None
    publisher: str | None
    text_hash: int
    paragraph_hashes: tuple[int, ...]
    signature: bytes | None
    scheme: str


@dataclass(frozen=True, slots=True)
class Standing:
    """An article as grouping sees it: what the choice of a lead depends on."""

    article_id: int
    identity: str
    published_at: datetime | None
    word_count: int


class Passage(NamedTuple):
    """One stretch of text that two bodies share, as character spans [start, end)."""

    left_start: int
    left_end: int
    right_start: int
    right_end: int


class ParagraphPair(NamedTuple):
    """Two paragraphs that correspond, by their positions in the bodies."""

    left: int
    right: int
    similarity: float  # 1.0: equal in normal form; else the share of their words in shared runs, below 1.0


@dataclass(frozen=True, slots=True)
class Match:
    """A verified pair. left_id < right_id."""

    left_id: int
    right_id: int
    relation: Relation
    jaccard: float  # MinHash estimate, 0..1
    containment: float  # share of the smaller text's shingles found in the larger, 0..1
    coverage: float  # share of the smaller text's words inside shared runs, 0..1
    shared_paragraphs: int
    passages: tuple[Passage, ...]
    paragraphs: tuple[ParagraphPair, ...] = ()


@dataclass(frozen=True, slots=True)
class Member:
    """An article's place in its story."""

    article_id: int
    role: Role


@dataclass(frozen=True, slots=True)
class Story:
    """A lead article and its copies. The story's id is the article id of its lead."""

    lead_id: int
    members: tuple[Member, ...]  # the lead first, then by article id


def utc(moment: datetime) -> datetime:
    """Return the same instant in UTC; a clock without a zone is kept as it stands."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
