"""Every table of the database. The views that people should read are in `views.py`."""

from __future__ import annotations

from typing import Any, get_args

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
    true,
)

from etl.db.types import BinaryText, Json, Key, UtcDateTime
from etl.records import Kind, Precision, Relation, Role, Zone

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

RUN_STATUS = ("running", "done", "failed")
STAGES = ("read", "parse", "strip", "fingerprint", "load")
VERSION_REASONS = ("changed", "reclean")
MARK_KINDS = ("identity", "address", "text", "bytes")
METRICS = ("documents", "rejected", "undated", "no_headline", "no_author", "daily_documents", "oversized_stories")
ITEM_STATES = ("pending", "done", "elsewhere")


def _key(name: str, comment: str) -> Column[int]:
    return Column(name, Key, primary_key=True, comment=comment)


def _to(target: str, comment: str, name: str | None = None, **options: Any) -> Column[int]:  # noqa: ANN401 - those of Column
    """A column that refers to the key of another table; part of the primary key where `primary_key` is given."""
    options = {"nullable": False} | options
    later = options.pop("use_alter", False)
    table, key = target.split(".")
    return Column(name or key, Key, ForeignKey(f"{table}.{key}", use_alter=later), comment=comment, **options)


def _words(column: str, allowed: tuple[str, ...]) -> CheckConstraint:
    """A closed vocabulary; null passes."""
    listed = ", ".join(f"'{word}'" for word in allowed)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def _moment(name: str, what: str) -> list[Column[Any]]:
    """The columns that hold a `records.Moment`."""
    return [
        Column(f"{name}_at", UtcDateTime, comment=f"When it was {what}, UTC; midnight where only the day is known"),
        Column(f"{name}_raw", Text, comment=f"{name}_at as it was found"),
        Column(f"{name}_precision", Text, comment=f"How exact {name}_at is: day, minute, second"),
        Column(f"{name}_zone", Text, comment=f"Zone of {name}_at: stated, or unknown (the clock is kept as it stood)"),
        Column(f"{name}_origin", Text, comment=f"Where {name}_at was found: given, json-ld, meta, time, url, text"),
    ]


run = Table(
    "run",
    metadata,
    _key("run_id", "Number of the run"),
    Column("flow", Text, nullable=False, comment="Flow that ran: ingest, poll, reclean, rematch"),
    Column("parameters", Json, nullable=False, comment="What it was started with, secrets masked"),
    Column("status", Text, nullable=False, comment="running, done or failed; a killed run stays running"),
    Column("started_at", UtcDateTime, nullable=False, comment="When it began, UTC"),
    Column("finished_at", UtcDateTime, comment="When it ended, UTC; null while it runs"),
    Column("seconds", Double, comment="How long it took on the clock"),
    Column("read_count", Integer, comment="Documents read = loaded + unchanged + rejected"),
    Column("loaded_count", Integer, comment="Documents that were new or done again"),
    Column("unchanged_count", Integer, comment="Documents an earlier run had stored, byte for byte"),
    Column("rejected_count", Integer, comment="Documents that could not become an article"),
    Column("report", Json, comment="The whole run report"),
    Column("process", Text, comment="Process that does it: host, number, when it began; null: not known"),
    Column("alive_at", UtcDateTime, comment="Its last sign of life while it runs, UTC"),
    Column(
        "crashed",
        Boolean,
        nullable=False,
        server_default=false(),
        comment="Its process was gone when another run began; what it left was taken over",
    ),
    Column(
        "cancelled",
        Boolean,
        nullable=False,
        server_default=false(),
        comment="Somebody stopped it; the next run takes up what it left",
    ),
    _words("status", RUN_STATUS),
    comment="One run of a flow; the only table that holds the clock of this machine",
)

source = Table(
    "source",
    metadata,
    _key("source_id", "Number of the source"),
    Column("name", Text, nullable=False, unique=True, comment="Name of the source"),
    Column(
        "kind",
        Text,
        nullable=False,
        server_default="adhoc",
        comment="adhoc: named by hand when a run was started; else feed, sitemap, page, folder or a format of files",
    ),
    Column("url", BinaryText, comment="Address of the feed, sitemap or page, or path of files; null: adhoc"),
    Column(
        "interval_seconds", Integer, comment="Time between two polls as its owner chose; null: by how often it changes"
    ),
    Column("allow", Json, comment="Hosts whose pages may be read for it; null: all"),
    Column("enabled", Boolean, nullable=False, server_default=true(), comment="It is polled when it is due"),
    Column("etag", Text, comment="ETag to send the next time, as the server gave it"),
    Column("last_modified", Text, comment="Last-Modified to send the next time, as the server gave it"),
    Column("body_sha256", Text, comment="SHA-256 of the list as it was read last, hex"),
    Column("moved_to", Text, comment="Address that a permanent redirect leads to, and that is asked instead"),
    Column("last_polled_at", UtcDateTime, comment="When it was asked last, UTC"),
    Column("last_ok_at", UtcDateTime, comment="When it was read last, or found unchanged, UTC"),
    Column("last_new_at", UtcDateTime, comment="When it last had something new, UTC"),
    Column("next_poll_at", UtcDateTime, index=True, comment="When it is due, UTC; null: at once"),
    Column("wait_seconds", Integer, comment="Time between two polls while all is well"),
    Column("failures", Integer, nullable=False, server_default=text("0"), comment="Polls in a row that failed"),
    Column("last_error", Text, comment="Why the latest poll failed, or what was wrong with the list"),
    Column(
        "items_seen", Integer, nullable=False, server_default=text("0"), comment="Items of all its lists, each once"
    ),
    Column("items_now", Integer, comment="Items in its latest list"),
    Column("items_usual", Double, comment="Items in its list as a rule"),
    Column("new_gap_seconds", Double, comment="Time between two polls that found something new, as a rule"),
    Column(
        "health",
        Text,
        nullable=False,
        server_default="new",
        comment="new, ok, failing, robots-refused, silent or shrinking",
    ),
    Column("parts", Json, comment="Of a sitemap index: what is known of its sitemaps, by address"),
    comment="Where documents are read from",
)

source_item = Table(
    "source_item",
    metadata,
    _key("source_item_id", "Number of the item"),
    _to("source.source_id", "Source that lists it"),
    Column(
        "item_key", Text, nullable=False, comment="SHA-256 of its guid, else canonical address, else address, else text"
    ),
    Column("url_hash", Text, index=True, comment="SHA-256 of its address in its one form; null: it has none"),
    Column("revision", Text, nullable=False, comment="SHA-256 of what the list says of it"),
    Column("record", Json, comment="What the list says of it; null once it is done"),
    Column(
        "state",
        Text,
        nullable=False,
        comment="pending; done: its document is loaded or rejected; elsewhere: its page is read for another item",
    ),
    Column("tries", Integer, nullable=False, comment="Times its page could not be had for a passing reason"),
    Column("retry_at", UtcDateTime, comment="Not to be tried before, UTC; null: at any time"),
    Column("note", Text, comment="Why its page could not be had; null: it could"),
    Column("first_seen_at", UtcDateTime, nullable=False, comment="When it was first seen in a list, UTC"),
    Column("done_at", UtcDateTime, comment="When it was done last, UTC"),
    UniqueConstraint("source_id", "item_key"),
    _words("state", ITEM_STATES),
    comment="Items of feeds and sitemaps that were seen: only what is new or changed is read again",
)
Index(
    "ix_source_item_pending",
    source_item.c.source_id,
    sqlite_where=text("state = 'pending'"),
    postgresql_where=text("state = 'pending'"),
)

publisher = Table(
    "publisher",
    metadata,
    _key("publisher_id", "Number of the publisher"),
    Column("name", Text, nullable=False, unique=True, comment="Name of the publisher, or its site"),
    comment="Who published an article",
)

author = Table(
    "author",
    metadata,
    _key("author_id", "Number of the author"),
    Column("name", Text, nullable=False, unique=True, comment="Name as found"),
    comment="Who wrote an article",
)

scheme = Table(
    "scheme",
    metadata,
    _key("scheme_id", "Number of the scheme"),
    Column("name", Text, nullable=False, unique=True, comment="Name of the scheme"),
    Column("permutations", Integer, nullable=False, comment="Permutations in a signature"),
    Column("seed", BigInteger, nullable=False, comment="Seed of the permutations"),
    Column("hash", Text, nullable=False, comment="Hash of a shingle"),
    Column("family", Text, nullable=False, comment="Family of the permutations, datasketch's scheme"),
    Column("shingle_words", Integer, nullable=False, comment="Words in a shingle of the signature"),
    Column("sketch_size", Integer, nullable=False, comment="Keys in a sketch at most"),
    Column("sketch_words", Integer, nullable=False, comment="Words in a shingle of the sketch"),
    Column(
        "sketch_opening",
        Integer,
        nullable=False,
        server_default="0",
        comment="Shingles of the opening, twice as likely in the sketch",
    ),
    Column("rule_version", Text, nullable=False, comment="Version of normal form and tokens"),
    comment="How fingerprints are made; those of different schemes are never compared",
)

matcher = Table(
    "matcher",
    metadata,
    _key("matcher_id", "Number of the matcher"),
    Column("name", Text, nullable=False, unique=True, comment="Name of the matcher"),
    Column("parameters", Json, nullable=False, comment="The numbers that rule pairs and stories"),
    comment="How pairs are verified and stories made: the rules of matching with their numbers",
)

raw_body = Table(
    "raw_body",
    metadata,
    Column("sha256", Text, primary_key=True, comment="SHA-256 of the bytes as they were read, hex"),
    Column("body", LargeBinary, nullable=False, comment="The bytes, compressed with zstd"),
    Column("size", BigInteger, nullable=False, comment="Bytes before compression"),
    comment="Bytes as they were read; may be pruned, so no table refers to it",
)

document = Table(
    "document",
    metadata,
    _key("document_id", "Number of the document"),
    Column("uri", BinaryText, nullable=False, comment="Where exactly it was read"),
    Column("sha256", Text, nullable=False, comment="SHA-256 of its bytes, hex; finds raw_body"),
    Column("media_type", Text, nullable=False, comment="text/html, text/plain or application/json"),
    Column("charset", Text, comment="Charset it was read with; of a rejected document the one it declared"),
    Column("fetched_at", UtcDateTime, nullable=False, comment="Time of the file, or when it was fetched, UTC"),
    _to("source.source_id", "Source it was read for", index=True),
    _to("run.run_id", "Run that stored it first", index=True),
    _to("article.article_id", "Article it is a text of; null: rejected", nullable=True, use_alter=True, index=True),
    Column("rule_version", Text, comment="Version of the rules it was cleaned with last; null: rejected"),
    Column("robots", Text, comment="What robots.txt said of a page from the web: allowed, ..., or not asked"),
    Column(
        "redirects", Json, comment="Redirects on the way to it: [[status, address], ...]; null where there were none"
    ),
    UniqueConstraint("uri", "sha256"),
    comment="One fetched thing, loaded or rejected",
)

rejection = Table(
    "rejection",
    metadata,
    _key("rejection_id", "Number of the rejection"),
    Column("uri", BinaryText, nullable=False, comment="Where it was, or should have been, read"),
    Column("sha256", Text, nullable=False, comment="SHA-256 of its bytes, hex; empty when nothing could be read"),
    _to("document.document_id", "The document; null when nothing could be read", nullable=True, index=True),
    Column("stage", Text, nullable=False, comment="Stage that refused it: read, parse, strip, fingerprint, load"),
    Column("reason", Text, nullable=False, comment="Stable short name of the reason"),
    Column("detail", Text, nullable=False, comment="The reason for people"),
    Column("rule_version", Text, comment="Version of the rules that refused it; null: not known, or nothing was read"),
    Column(
        "attempts",
        Integer,
        nullable=False,
        comment="Times it was refused: with another outcome, by other rules, or in another try",
    ),
    _to("run.run_id", "Run that refused it first", name="first_run_id"),
    _to("run.run_id", "Run of its latest attempt", name="last_run_id"),
    UniqueConstraint("uri", "sha256"),
    _words("stage", STAGES),
    comment="Documents that could not become an article, and why",
)

article = Table(
    "article",
    metadata,
    _key("article_id", "Number of the article"),
    Column("identity", BinaryText, nullable=False, unique=True, comment="GUID, canonical URL, normalised URL or uri"),
    Column("external_id", Text, index=True, comment="Id of the JSONL record it came from"),
    Column("guid", Text, comment="The feed's own id of the item"),
    _to("document.document_id", "Document its current text comes from", index=True),
    Column("url", Text, index=True, comment="Address it was fetched from"),
    Column("canonical_url", Text, comment="Address it claims for itself"),
    _to("publisher.publisher_id", "Who published it", nullable=True, index=True),
    Column("headline", Text, comment="Headline; null when it has none"),
    Column("standfirst", Text, comment="Standfirst, the lines between headline and body"),
    Column("body", Text, nullable=False, comment="Current text, paragraphs separated by a blank line"),
    *_moment("published", "published"),
    *_moment("modified", "changed last, by its own account"),
    Column("language", Text, comment="ISO 639-1, lower case"),
    Column("section", Text, comment="Section of the paper"),
    Column("agency", Text, comment="News agency that is credited"),
    Column("dateline", Text, comment="Place and date in front of the text"),
    Column("word_count", Integer, nullable=False, comment="Words of the body"),
    Column("text_hash", BigInteger, nullable=False, index=True, comment="Hash of the body in normal form, 64 bit"),
    Column("rule_version", Text, nullable=False, comment="Version of the rules its text was cleaned with"),
    Column("fetched_at", UtcDateTime, nullable=False, comment="When its current text was fetched, UTC"),
    Column("first_seen_at", UtcDateTime, nullable=False, comment="When its earliest document was fetched, UTC"),
    _to("story.story_id", "Story it belongs to; null until matched", nullable=True, use_alter=True, index=True),
    Column("role", Text, comment="Its part in the story: lead, copy, abridged, expanded"),
    Column("match_pending", Boolean, nullable=False, comment="Its text is new and has not been compared yet"),
    _to("matcher.matcher_id", "Matcher that compared it last; null: none yet, or not known", nullable=True),
    Column("keywords", Json, nullable=False, server_default="[]", comment="Keywords it gives itself, in its order"),
    Column("is_accessible_for_free", Boolean, comment="Whether anybody may read it; null when it does not say"),
    Column("declared_language", Text, comment="Language it declares, where its text is plainly in another"),
    Column("repaired", Boolean, nullable=False, server_default=false(), comment="Broken letters in it were mended"),
    Column("origins", Json, nullable=False, server_default="{}", comment="Field -> where its value was found"),
    _words("role", get_args(Role)),
    *(_words(f"{name}_precision", get_args(Precision)) for name in ("published", "modified")),
    *(_words(f"{name}_zone", get_args(Zone)) for name in ("published", "modified")),
    comment="The current text of one article",
)
Index("ix_article_published_at", article.c.published_at)
Index(
    "ix_article_match_pending",
    article.c.article_id,
    sqlite_where=text("match_pending"),
    postgresql_where=text("match_pending"),
)

article_author = Table(
    "article_author",
    metadata,
    _to("article.article_id", "The article", primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False, comment="Place in the byline, from 0"),
    _to("author.author_id", "The author", index=True),
    comment="Who wrote which article, in the order of the byline",
)

article_version = Table(
    "article_version",
    metadata,
    _to("article.article_id", "The article", primary_key=True),
    _to("document.document_id", "Document the text comes from", primary_key=True, index=True),
    Column("headline", Text, comment="Headline of this text"),
    Column("body", Text, nullable=False, comment="This text, paragraphs separated by a blank line"),
    Column("text_hash", BigInteger, nullable=False, comment="Hash of this text in normal form, 64 bit"),
    Column("modified_at", UtcDateTime, comment="When this text says it was changed, UTC"),
    Column(
        "version_at", UtcDateTime, comment="modified_at, else when it was published: orders the versions; null first"
    ),
    Column("replaced_at", UtcDateTime, nullable=False, comment="When the next text was changed, else fetched, UTC"),
    Column("words_added", Integer, nullable=False, comment="Words the next text has and this has not"),
    Column("words_removed", Integer, nullable=False, comment="Words this text has and the next has not"),
    Column("reason", Text, nullable=False, comment="changed: by its publisher; reclean: by newer rules"),
    Column("rule_version", Text, primary_key=True, comment="Version of the rules this text was cleaned with"),
    _words("reason", VERSION_REASONS),
    comment="Every text of an article that is not the current one; a version is not a duplicate",
)

paragraph = Table(
    "paragraph",
    metadata,
    _to("article.article_id", "The article", primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False, comment="Place in the body, from 0"),
    Column(
        "block_position", Integer, nullable=False, comment="Place among all blocks of the document, kept and removed"
    ),
    Column("char_start", Integer, nullable=False, comment="First character in the body, from 0"),
    Column("char_end", Integer, nullable=False, comment="First character in the body after it"),
    Column("kind", Text, nullable=False, comment="text, heading, quote or list"),
    Column("word_count", Integer, nullable=False, comment="Words of the paragraph"),
    Column("text_hash", BigInteger, nullable=False, index=True, comment="Hash of its normal form, 64 bit"),
    _words("kind", get_args(Kind)),
    comment="Where each paragraph stands in the body; the text is stored once, in the article",
)

removed_block = Table(
    "removed_block",
    metadata,
    _to("article.article_id", "The article", primary_key=True),
    Column(
        "position", Integer, primary_key=True, autoincrement=False, comment="Place among all blocks of the document"
    ),
    Column("text", Text, nullable=False, comment="What was removed"),
    Column("rule", Text, nullable=False, comment="Rule that removed it"),
    Column("detail", Text, nullable=False, comment="What the rule saw"),
    Column("rule_version", Text, nullable=False, comment="Version of the rules"),
    Column("text_hash", BigInteger, comment="Hash of its normal form where the rule is repeat or known, else null"),
    comment="Blocks that are not in the body: junk, or moved to a column of its own",
)
Index(
    "ix_removed_block_text_hash",
    removed_block.c.text_hash,
    sqlite_where=text("text_hash IS NOT NULL"),
    postgresql_where=text("text_hash IS NOT NULL"),
)

fingerprint = Table(
    "fingerprint",
    metadata,
    _to("article.article_id", "The article", primary_key=True),
    _to("scheme.scheme_id", "How it was made"),
    Column("signature", LargeBinary, comment="MinHash, uint32 little-endian; null: too short to shingle"),
    Column("sketch", LargeBinary, nullable=False, comment="Smallest shingle hashes, int64 little-endian, sorted"),
    comment="What the text of an article is compared by",
)

sketch_key = Table(
    "sketch_key",
    metadata,
    # Sixteen rows an article, so each byte counts: 32 bits of a hash are enough where two shared keys are asked for,
    # and 32 bits of a number for two thousand million articles.
    Column(
        "key",
        Integer,
        primary_key=True,
        autoincrement=False,
        comment="One of the smallest shingle hashes, its low 32 bits",
    ),
    # No reference and no second index: matching alone writes here, a chunk at a time, and knows each article's keys.
    Column("article_id", Integer, primary_key=True, autoincrement=False, comment="The article; it may be gone"),
    comment="The sketches of compared articles; two articles that share keys are candidates",
    sqlite_with_rowid=False,
)

lost_sketch = Table(
    "lost_sketch",
    metadata,
    _key("lost_sketch_id", "Number of the mark"),
    Column("article_id", Key, nullable=False, comment="The article; it may be gone"),
    Column("sketch", LargeBinary, nullable=False, comment="The sketch it had, as in fingerprint"),
    comment="Sketches that articles have lost, their keys to be taken out by matching; empty when a run ends",
)

uncounted_article = Table(
    "uncounted_article",
    metadata,
    _key("uncounted_article_id", "Number of the mark"),
    Column("article_id", Key, nullable=False, comment="The article"),
    Column("moved", Boolean, nullable=False, comment="It was in another story before; else its text was compared"),
    comment="Articles whose paragraphs are to be counted to learn their site; empty when a run ends",
)

known_paragraph = Table(
    "known_paragraph",
    metadata,
    _to("publisher.publisher_id", "The publisher", primary_key=True),
    Column("text_hash", BigInteger, primary_key=True, autoincrement=False, comment="Hash of its normal form, 64 bit"),
    _to("run.run_id", "Run that learned it"),
    comment="Paragraphs that repeat across the stories of one publisher: its boilerplate",
)

stale_article = Table(
    "stale_article",
    metadata,
    _key("stale_article_id", "Number of the mark"),
    _to("article.article_id", "The article", index=True),
    comment="Articles to be cleaned again, because more or less is known of their site; empty when a run ends",
)

lost_paragraph = Table(
    "lost_paragraph",
    metadata,
    _key("lost_paragraph_id", "Number of the mark"),
    Column("text_hash", BigInteger, nullable=False, comment="Hash of its normal form, 64 bit"),
    comment="Paragraphs that an article has lost, to be counted again; empty when a run ends",
)

duplicate_pair = Table(
    "duplicate_pair",
    metadata,
    _to("article.article_id", "The one with the smaller number", name="left_article_id", primary_key=True),
    _to("article.article_id", "The other", name="right_article_id", primary_key=True, index=True),
    Column("relation", Text, nullable=False, comment="exact, near, contained or shares_passage"),
    Column("jaccard", Double, nullable=False, comment="Similarity estimated from the signatures, 0 to 1"),
    Column("containment", Double, nullable=False, comment="Share of the smaller text's shingles found in the larger"),
    Column("coverage", Double, nullable=False, comment="Share of the smaller text's words inside shared passages"),
    Column("shared_paragraphs", Integer, nullable=False, comment="Paragraphs they have in common"),
    _to("scheme.scheme_id", "Scheme of both fingerprints"),
    Column("passages", Json, nullable=False, comment="Shared passages: [left start, left end, right start, right end]"),
    Column(
        "paragraphs",
        Json,
        nullable=False,
        server_default=text("'[]'"),
        comment="Corresponding paragraphs: [left position, right position, similarity]; 1 is equal",
    ),
    _to("matcher.matcher_id", "Matcher that verified it; null: not known", nullable=True),
    CheckConstraint("left_article_id < right_article_id", name="order"),
    _words("relation", get_args(Relation)),
    comment="Pairs of articles that were compared on their text and share some of it",
)

story = Table(
    "story",
    metadata,
    Column(
        "story_id",
        Key,
        ForeignKey("article.article_id"),
        primary_key=True,
        autoincrement=False,
        comment="Number of the story: the article that leads it",
    ),
    comment="An article and its copies; the members are the articles that name it",
)

finished_range = Table(
    "finished_range",
    metadata,
    Column("uri", BinaryText, primary_key=True, comment="Address of the file"),
    Column("range_start", BigInteger, primary_key=True, autoincrement=False, comment="First byte of the range"),
    Column("range_end", BigInteger, nullable=False, comment="First byte behind it"),
    Column("state", Text, nullable=False, comment="Hash of its size and time, the rules, and what was asked for"),
    Column("read_count", Integer, nullable=False, comment="Documents read from it"),
    Column("rejected_count", Integer, nullable=False, comment="Documents of these that were rejected"),
    Column("passed", Json, nullable=False, comment="What was passed over in it: reason to number"),
    _to("run.run_id", "Run that finished it"),
    comment="Parts of large files that were read to their end, and are not read again while nothing changes",
)

page = Table(
    "page",
    metadata,
    Column("url", BinaryText, primary_key=True, comment="Address as it was asked for"),
    Column("uri", BinaryText, nullable=False, comment="Address of the document that came last, after redirects"),
    Column("sha256", Text, nullable=False, comment="SHA-256 of the bytes of that document, hex"),
    Column("etag", Text, comment="ETag to send the next time, as the server gave it"),
    Column("last_modified", Text, comment="Last-Modified to send the next time, as the server gave it"),
    Column("checked_at", UtcDateTime, nullable=False, comment="When it was read last, UTC"),
    Column("changed_at", UtcDateTime, nullable=False, comment="When it was found changed last, UTC"),
    comment="What is known of each address that was read from the web: only what changed is read again",
)

host = Table(
    "host",
    metadata,
    Column("name", Text, primary_key=True, comment="Host and unusual port, or a robots.txt while it is asked for"),
    Column("next_at_ms", BigInteger, nullable=False, comment="When its next turn may begin, milliseconds since 1970"),
    Column("held_until_ms", BigInteger, nullable=False, comment="It is given a rest until then, likewise"),
    comment="Whose turn it is with a host: one request at a time, an interval apart, for all workers together",
)

robots = Table(
    "robots",
    metadata,
    Column("origin", Text, primary_key=True, comment="Scheme, host and port"),
    Column("status", Integer, nullable=False, comment="Status of the answer"),
    Column("text", Text, nullable=False, comment="The robots.txt; empty where there is none"),
    Column("fetched_at", UtcDateTime, nullable=False, comment="When it was read, UTC"),
    comment="The robots.txt of each site, kept for a day",
)

takedown = Table(
    "takedown",
    metadata,
    _key("takedown_id", "Number of the mark"),
    Column("kind", Text, nullable=False, comment="What is marked: identity, address, text or bytes"),
    Column(
        "hash",
        Text,
        nullable=False,
        unique=True,
        comment="SHA-256, hex: of the identity, the address, the bytes as they were read, or the hash of the text",
    ),
    Column("reason", Text, comment="Why it was taken down"),
    _to("run.run_id", "Run that took it down"),
    _words("kind", MARK_KINDS),
    comment="Marks of articles that were taken down and must not come back; no word of them is kept",
)

quality_check = Table(
    "quality_check",
    metadata,
    _key("quality_check_id", "Number of the check"),
    _to("run.run_id", "Run after which it was made", index=True),
    _to("source.source_id", "Source it is about; null: the whole database", nullable=True, index=True),
    Column("metric", Text, nullable=False, comment="What was measured, see v_quality"),
    Column("documents", Integer, nullable=False, comment="Documents it was measured on"),
    Column("value", Double, nullable=False, comment="What was found"),
    Column("usual", Double, comment="What is usual for this source; null: too little is known"),
    Column("alarm", Boolean, nullable=False, comment="It is far from what is usual"),
    Column("fresh", Boolean, nullable=False, comment="It is an alarm, and the check before it was none"),
    _words("metric", METRICS),
    comment="What was measured after each run, against the history of each source",
)
