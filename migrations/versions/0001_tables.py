"""Everything there is to begin with: tables and full-text search.

Frozen: later changes are migrations of their own.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from etl.db.downgrade import refuse_to_lose

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(JSONB(), "postgresql")
INSTANT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")
BINARY_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")

TABLES = (
    "author",
    "publisher",
    "raw_body",
    "run",
    "scheme",
    "source",
    "document",
    "known_paragraph",
    "takedown",
    "article",
    "rejection",
    "article_author",
    "article_version",
    "duplicate_pair",
    "fingerprint",
    "paragraph",
    "removed_block",
    "sketch_key",
    "story",
)
# Rings: a document knows its article and an article its document, a story its lead and an article its story.
RINGS = (("document", "article"), ("article", "story"))


def upgrade() -> None:
    create_tables()
    if op.get_bind().dialect.name == "postgresql":
        for table, other in RINGS:  # SQLite has them already: it takes a reference to a table that is yet to come
            key = f"{other}_id"
            op.create_foreign_key(f"fk_{table}_{key}", table, other, [key], [key])
        search_on_postgresql()
    else:
        search_on_sqlite()


def downgrade() -> None:
    refuse_to_lose(op.get_bind(), revision, {"what is stored": "document", "what was refused": "rejection"})
    if op.get_bind().dialect.name == "postgresql":
        for table, other in RINGS:
            op.drop_constraint(f"fk_{table}_{other}_id", table, type_="foreignkey")
    else:
        op.execute("DROP TABLE article_fts")
        op.execute("PRAGMA defer_foreign_keys = ON")
    for table in reversed(TABLES):
        op.drop_table(table)


def search_on_sqlite() -> None:
    """An index over the text in `article`, which is not stored again; triggers keep it in step."""
    op.execute(
        """
        CREATE VIRTUAL TABLE article_fts USING fts5(
            headline, standfirst, body,
            content = 'article', content_rowid = 'article_id', tokenize = 'unicode61 remove_diacritics 2'
        )
        """
    )
    add = """
        INSERT INTO article_fts (rowid, headline, standfirst, body)
        VALUES (new.article_id, new.headline, new.standfirst, new.body);
    """
    take_out = """
        INSERT INTO article_fts (article_fts, rowid, headline, standfirst, body)
        VALUES ('delete', old.article_id, old.headline, old.standfirst, old.body);
    """
    op.execute(f"CREATE TRIGGER article_fts_insert AFTER INSERT ON article BEGIN {add} END")
    op.execute(f"CREATE TRIGGER article_fts_delete AFTER DELETE ON article BEGIN {take_out} END")
    op.execute(
        "CREATE TRIGGER article_fts_update AFTER UPDATE OF headline, standfirst, body ON article "
        f"BEGIN {take_out} {add} END"
    )


def search_on_postgresql() -> None:
    """A stored column. It stops at 200,000 characters, since a tsvector cannot be larger than 1 MB."""
    op.execute(
        """
        ALTER TABLE article ADD COLUMN search_vector tsvector GENERATED ALWAYS AS (
            to_tsvector('simple'::regconfig, left(
                coalesce(headline, '') || ' ' || coalesce(standfirst, '') || ' ' || body, 200000
            ))
        ) STORED
        """
    )
    op.execute("COMMENT ON COLUMN article.search_vector IS 'Headline, standfirst and body for full-text search'")
    op.execute("CREATE INDEX ix_article_search_vector ON article USING gin (search_vector)")


def create_tables() -> None:
    op.create_table(
        "author",
        sa.Column("author_id", KEY, nullable=False, comment="Number of the author"),
        sa.Column("name", sa.Text(), nullable=False, comment="Name as found"),
        sa.PrimaryKeyConstraint("author_id", name="pk_author"),
        sa.UniqueConstraint("name", name="uq_author_name"),
        comment="Who wrote an article",
    )
    op.create_table(
        "publisher",
        sa.Column("publisher_id", KEY, nullable=False, comment="Number of the publisher"),
        sa.Column("name", sa.Text(), nullable=False, comment="Name of the publisher, or its site"),
        sa.PrimaryKeyConstraint("publisher_id", name="pk_publisher"),
        sa.UniqueConstraint("name", name="uq_publisher_name"),
        comment="Who published an article",
    )
    op.create_table(
        "raw_body",
        sa.Column("sha256", sa.Text(), nullable=False, comment="SHA-256 of the bytes as they were read, hex"),
        sa.Column("body", sa.LargeBinary(), nullable=False, comment="The bytes, compressed with zstd"),
        sa.Column("size", sa.BigInteger(), nullable=False, comment="Bytes before compression"),
        sa.PrimaryKeyConstraint("sha256", name="pk_raw_body"),
        comment="Bytes as they were read; may be pruned, so no table refers to it",
    )
    op.create_table(
        "run",
        sa.Column("run_id", KEY, nullable=False, comment="Number of the run"),
        sa.Column("flow", sa.Text(), nullable=False, comment="Flow that ran: ingest, poll, reclean, rematch"),
        sa.Column("parameters", JSON, nullable=False, comment="What it was started with, secrets masked"),
        sa.Column("status", sa.Text(), nullable=False, comment="running, done or failed; a killed run stays running"),
        sa.Column("started_at", INSTANT, nullable=False, comment="When it began, UTC"),
        sa.Column("finished_at", INSTANT, nullable=True, comment="When it ended, UTC; null while it runs"),
        sa.Column("seconds", sa.Double(), nullable=True, comment="How long it took on the clock"),
        sa.Column("read_count", sa.Integer(), nullable=True, comment="Documents read = loaded + unchanged + rejected"),
        sa.Column("loaded_count", sa.Integer(), nullable=True, comment="Documents that were new or done again"),
        sa.Column(
            "unchanged_count", sa.Integer(), nullable=True, comment="Documents an earlier run had stored, byte for byte"
        ),
        sa.Column("rejected_count", sa.Integer(), nullable=True, comment="Documents that could not become an article"),
        sa.Column("report", JSON, nullable=True, comment="The whole run report"),
        sa.CheckConstraint("status IN ('running', 'done', 'failed')", name="ck_run_status"),
        sa.PrimaryKeyConstraint("run_id", name="pk_run"),
        comment="One run of a flow; the only table that holds the clock of this machine",
    )
    op.create_table(
        "scheme",
        sa.Column("scheme_id", KEY, nullable=False, comment="Number of the scheme"),
        sa.Column("name", sa.Text(), nullable=False, comment="Name of the scheme"),
        sa.Column("permutations", sa.Integer(), nullable=False, comment="Permutations in a signature"),
        sa.Column("seed", sa.BigInteger(), nullable=False, comment="Seed of the permutations"),
        sa.Column("hash", sa.Text(), nullable=False, comment="Hash of a shingle"),
        sa.Column("family", sa.Text(), nullable=False, comment="Family of the permutations, datasketch's scheme"),
        sa.Column("shingle_words", sa.Integer(), nullable=False, comment="Words in a shingle of the signature"),
        sa.Column("sketch_size", sa.Integer(), nullable=False, comment="Keys in a sketch at most"),
        sa.Column("sketch_words", sa.Integer(), nullable=False, comment="Words in a shingle of the sketch"),
        sa.Column("rule_version", sa.Text(), nullable=False, comment="Version of normal form and tokens"),
        sa.PrimaryKeyConstraint("scheme_id", name="pk_scheme"),
        sa.UniqueConstraint("name", name="uq_scheme_name"),
        comment="How fingerprints are made; those of different schemes are never compared",
    )
    op.create_table(
        "source",
        sa.Column("source_id", KEY, nullable=False, comment="Number of the source"),
        sa.Column("name", sa.Text(), nullable=False, comment="Name of the source"),
        sa.Column(
            "kind",
            sa.Text(),
            server_default="adhoc",
            nullable=False,
            comment="adhoc: named by hand when a run was started",
        ),
        sa.PrimaryKeyConstraint("source_id", name="pk_source"),
        sa.UniqueConstraint("name", name="uq_source_name"),
        comment="Where documents are read from",
    )
    op.create_table(
        "document",
        sa.Column("document_id", KEY, nullable=False, comment="Number of the document"),
        sa.Column("uri", BINARY_TEXT, nullable=False, comment="Where exactly it was read"),
        sa.Column("sha256", sa.Text(), nullable=False, comment="SHA-256 of its bytes, hex; finds raw_body"),
        sa.Column("media_type", sa.Text(), nullable=False, comment="text/html, text/plain or application/json"),
        sa.Column(
            "charset",
            sa.Text(),
            nullable=True,
            comment="Charset it was read with; of a rejected document the one it declared",
        ),
        sa.Column("fetched_at", INSTANT, nullable=False, comment="Time of the file, or when it was fetched, UTC"),
        sa.Column("source_id", KEY, nullable=False, comment="Source it was read for"),
        sa.Column("run_id", KEY, nullable=False, comment="Run that stored it first"),
        sa.Column("article_id", KEY, nullable=True, comment="Article it is a text of; null: rejected"),
        sa.Column(
            "rule_version",
            sa.Text(),
            nullable=True,
            comment="Version of the rules it was cleaned with last; null: rejected",
        ),
        sa.ForeignKeyConstraint(["article_id"], ["article.article_id"], name="fk_document_article_id", use_alter=True),
        sa.ForeignKeyConstraint(["run_id"], ["run.run_id"], name="fk_document_run_id"),
        sa.ForeignKeyConstraint(["source_id"], ["source.source_id"], name="fk_document_source_id"),
        sa.PrimaryKeyConstraint("document_id", name="pk_document"),
        sa.UniqueConstraint("uri", "sha256", name="uq_document_uri_sha256"),
        comment="One fetched thing, loaded or rejected",
    )
    op.create_index("ix_document_article_id", "document", ["article_id"], unique=False)
    op.create_index("ix_document_source_id", "document", ["source_id"], unique=False)
    op.create_table(
        "known_paragraph",
        sa.Column("publisher_id", KEY, nullable=False, comment="The publisher"),
        sa.Column(
            "text_hash", sa.BigInteger(), autoincrement=False, nullable=False, comment="Hash of its normal form, 64 bit"
        ),
        sa.Column(
            "stories", sa.Integer(), nullable=False, comment="Stories of the publisher it stood in when it was learned"
        ),
        sa.Column("run_id", KEY, nullable=False, comment="Run that learned it"),
        sa.ForeignKeyConstraint(["publisher_id"], ["publisher.publisher_id"], name="fk_known_paragraph_publisher_id"),
        sa.ForeignKeyConstraint(["run_id"], ["run.run_id"], name="fk_known_paragraph_run_id"),
        sa.PrimaryKeyConstraint("publisher_id", "text_hash", name="pk_known_paragraph"),
        comment="Paragraphs that repeat across the stories of one publisher: its boilerplate",
    )
    op.create_table(
        "takedown",
        sa.Column("takedown_id", KEY, nullable=False, comment="Number of the takedown"),
        sa.Column("url_hash", sa.Text(), nullable=False, comment="SHA-256 of the address in normal form, hex"),
        sa.Column("reason", sa.Text(), nullable=True, comment="Why it was taken down"),
        sa.Column("run_id", KEY, nullable=False, comment="Run that took it down"),
        sa.ForeignKeyConstraint(["run_id"], ["run.run_id"], name="fk_takedown_run_id"),
        sa.PrimaryKeyConstraint("takedown_id", name="pk_takedown"),
        sa.UniqueConstraint("url_hash", name="uq_takedown_url_hash"),
        comment="Marks of articles that were taken down and must not come back",
    )
    op.create_table(
        "article",
        sa.Column("article_id", KEY, nullable=False, comment="Number of the article"),
        sa.Column("identity", BINARY_TEXT, nullable=False, comment="GUID, canonical URL, normalised URL or uri"),
        sa.Column("external_id", sa.Text(), nullable=True, comment="Id of the JSONL record it came from"),
        sa.Column("guid", sa.Text(), nullable=True, comment="The feed's own id of the item"),
        sa.Column("document_id", KEY, nullable=False, comment="Document its current text comes from"),
        sa.Column("url", sa.Text(), nullable=True, comment="Address it was fetched from"),
        sa.Column("canonical_url", sa.Text(), nullable=True, comment="Address it claims for itself"),
        sa.Column("publisher_id", KEY, nullable=True, comment="Who published it"),
        sa.Column("headline", sa.Text(), nullable=True, comment="Headline; null when it has none"),
        sa.Column("standfirst", sa.Text(), nullable=True, comment="Standfirst, the lines between headline and body"),
        sa.Column("body", sa.Text(), nullable=False, comment="Current text, paragraphs separated by a blank line"),
        sa.Column(
            "published_at",
            INSTANT,
            nullable=True,
            comment="When it was published, UTC; midnight where only the day is known",
        ),
        sa.Column("published_raw", sa.Text(), nullable=True, comment="published_at as it was found"),
        sa.Column(
            "published_precision", sa.Text(), nullable=True, comment="How exact published_at is: day, minute, second"
        ),
        sa.Column(
            "published_zone",
            sa.Text(),
            nullable=True,
            comment="Zone of published_at: stated, or unknown (the clock is kept as it stood)",
        ),
        sa.Column(
            "published_origin",
            sa.Text(),
            nullable=True,
            comment="Where published_at was found: given, json-ld, meta, time, url, text",
        ),
        sa.Column(
            "modified_at",
            INSTANT,
            nullable=True,
            comment="When it was changed last, by its own account, UTC; midnight where only the day is known",
        ),
        sa.Column("modified_raw", sa.Text(), nullable=True, comment="modified_at as it was found"),
        sa.Column(
            "modified_precision", sa.Text(), nullable=True, comment="How exact modified_at is: day, minute, second"
        ),
        sa.Column(
            "modified_zone",
            sa.Text(),
            nullable=True,
            comment="Zone of modified_at: stated, or unknown (the clock is kept as it stood)",
        ),
        sa.Column(
            "modified_origin",
            sa.Text(),
            nullable=True,
            comment="Where modified_at was found: given, json-ld, meta, time, url, text",
        ),
        sa.Column("language", sa.Text(), nullable=True, comment="ISO 639-1, lower case"),
        sa.Column("section", sa.Text(), nullable=True, comment="Section of the paper"),
        sa.Column("agency", sa.Text(), nullable=True, comment="News agency that is credited"),
        sa.Column("dateline", sa.Text(), nullable=True, comment="Place and date in front of the text"),
        sa.Column("word_count", sa.Integer(), nullable=False, comment="Words of the body"),
        sa.Column("text_hash", sa.BigInteger(), nullable=False, comment="Hash of the body in normal form, 64 bit"),
        sa.Column("rule_version", sa.Text(), nullable=False, comment="Version of the rules its text was cleaned with"),
        sa.Column("fetched_at", INSTANT, nullable=False, comment="When its current text was fetched, UTC"),
        sa.Column("first_seen_at", INSTANT, nullable=False, comment="When its earliest document was fetched, UTC"),
        sa.Column("story_id", KEY, nullable=True, comment="Story it belongs to; null until matched"),
        sa.Column("role", sa.Text(), nullable=True, comment="Its part in the story: lead, copy, abridged, expanded"),
        sa.Column(
            "match_pending", sa.Boolean(), nullable=False, comment="Its text is new and has not been compared yet"
        ),
        sa.CheckConstraint("modified_precision IN ('day', 'minute', 'second')", name="ck_article_modified_precision"),
        sa.CheckConstraint("modified_zone IN ('stated', 'unknown')", name="ck_article_modified_zone"),
        sa.CheckConstraint("published_precision IN ('day', 'minute', 'second')", name="ck_article_published_precision"),
        sa.CheckConstraint("published_zone IN ('stated', 'unknown')", name="ck_article_published_zone"),
        sa.CheckConstraint("role IN ('lead', 'copy', 'abridged', 'expanded')", name="ck_article_role"),
        sa.ForeignKeyConstraint(["document_id"], ["document.document_id"], name="fk_article_document_id"),
        sa.ForeignKeyConstraint(["publisher_id"], ["publisher.publisher_id"], name="fk_article_publisher_id"),
        sa.ForeignKeyConstraint(["story_id"], ["story.story_id"], name="fk_article_story_id", use_alter=True),
        sa.PrimaryKeyConstraint("article_id", name="pk_article"),
        sa.UniqueConstraint("identity", name="uq_article_identity"),
        comment="The current text of one article",
    )
    op.create_index("ix_article_document_id", "article", ["document_id"], unique=False)
    op.create_index("ix_article_external_id", "article", ["external_id"], unique=False)
    op.create_index(
        "ix_article_match_pending",
        "article",
        ["article_id"],
        unique=False,
        sqlite_where=sa.text("match_pending"),
        postgresql_where=sa.text("match_pending"),
    )
    op.create_index("ix_article_publisher_id", "article", ["publisher_id"], unique=False)
    op.create_index("ix_article_story_id", "article", ["story_id"], unique=False)
    op.create_index("ix_article_text_hash", "article", ["text_hash"], unique=False)
    op.create_index("ix_article_url", "article", ["url"], unique=False)
    op.create_table(
        "rejection",
        sa.Column("rejection_id", KEY, nullable=False, comment="Number of the rejection"),
        sa.Column("uri", BINARY_TEXT, nullable=False, comment="Where it was, or should have been, read"),
        sa.Column(
            "sha256", sa.Text(), nullable=False, comment="SHA-256 of its bytes, hex; empty when nothing could be read"
        ),
        sa.Column("document_id", KEY, nullable=True, comment="The document; null when nothing could be read"),
        sa.Column(
            "stage", sa.Text(), nullable=False, comment="Stage that refused it: read, parse, strip, fingerprint, load"
        ),
        sa.Column("reason", sa.Text(), nullable=False, comment="Stable short name of the reason"),
        sa.Column("detail", sa.Text(), nullable=False, comment="The reason for people"),
        sa.Column(
            "rule_version",
            sa.Text(),
            nullable=True,
            comment="Version of the rules that refused it; null: not known, or nothing was read",
        ),
        sa.Column(
            "attempts",
            sa.Integer(),
            nullable=False,
            comment="Times it was refused with another outcome or by other rules",
        ),
        sa.Column("first_run_id", KEY, nullable=False, comment="Run that refused it first"),
        sa.Column("last_run_id", KEY, nullable=False, comment="Run of its latest attempt"),
        sa.CheckConstraint("stage IN ('read', 'parse', 'strip', 'fingerprint', 'load')", name="ck_rejection_stage"),
        sa.ForeignKeyConstraint(["document_id"], ["document.document_id"], name="fk_rejection_document_id"),
        sa.ForeignKeyConstraint(["first_run_id"], ["run.run_id"], name="fk_rejection_first_run_id"),
        sa.ForeignKeyConstraint(["last_run_id"], ["run.run_id"], name="fk_rejection_last_run_id"),
        sa.PrimaryKeyConstraint("rejection_id", name="pk_rejection"),
        sa.UniqueConstraint("uri", "sha256", name="uq_rejection_uri_sha256"),
        comment="Documents that could not become an article, and why",
    )
    op.create_index("ix_rejection_document_id", "rejection", ["document_id"], unique=False)
    op.create_table(
        "article_author",
        sa.Column("article_id", KEY, nullable=False, comment="The article"),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False, comment="Place in the byline, from 0"),
        sa.Column("author_id", KEY, nullable=False, comment="The author"),
        sa.ForeignKeyConstraint(["article_id"], ["article.article_id"], name="fk_article_author_article_id"),
        sa.ForeignKeyConstraint(["author_id"], ["author.author_id"], name="fk_article_author_author_id"),
        sa.PrimaryKeyConstraint("article_id", "position", name="pk_article_author"),
        comment="Who wrote which article, in the order of the byline",
    )
    op.create_index("ix_article_author_author_id", "article_author", ["author_id"], unique=False)
    op.create_table(
        "article_version",
        sa.Column("article_id", KEY, nullable=False, comment="The article"),
        sa.Column("document_id", KEY, nullable=False, comment="Document the text comes from"),
        sa.Column("headline", sa.Text(), nullable=True, comment="Headline of this text"),
        sa.Column("body", sa.Text(), nullable=False, comment="This text, paragraphs separated by a blank line"),
        sa.Column("text_hash", sa.BigInteger(), nullable=False, comment="Hash of this text in normal form, 64 bit"),
        sa.Column("modified_at", INSTANT, nullable=True, comment="When this text says it was changed, UTC"),
        sa.Column(
            "version_at",
            INSTANT,
            nullable=True,
            comment="modified_at, else when it was published: orders the versions; null first",
        ),
        sa.Column("replaced_at", INSTANT, nullable=False, comment="When the next text was changed, else fetched, UTC"),
        sa.Column("words_added", sa.Integer(), nullable=False, comment="Words the next text has and this has not"),
        sa.Column("words_removed", sa.Integer(), nullable=False, comment="Words this text has and the next has not"),
        sa.Column("reason", sa.Text(), nullable=False, comment="changed: by its publisher; reclean: by newer rules"),
        sa.Column("rule_version", sa.Text(), nullable=False, comment="Version of the rules this text was cleaned with"),
        sa.CheckConstraint("reason IN ('changed', 'reclean')", name="ck_article_version_reason"),
        sa.ForeignKeyConstraint(["article_id"], ["article.article_id"], name="fk_article_version_article_id"),
        sa.ForeignKeyConstraint(["document_id"], ["document.document_id"], name="fk_article_version_document_id"),
        sa.PrimaryKeyConstraint("article_id", "document_id", name="pk_article_version"),
        comment="Every text of an article that is not the current one; a version is not a duplicate",
    )
    op.create_index("ix_article_version_document_id", "article_version", ["document_id"], unique=False)
    op.create_table(
        "duplicate_pair",
        sa.Column("left_article_id", KEY, nullable=False, comment="The one with the smaller number"),
        sa.Column("right_article_id", KEY, nullable=False, comment="The other"),
        sa.Column("relation", sa.Text(), nullable=False, comment="exact, near, contained or shares_passage"),
        sa.Column("jaccard", sa.Double(), nullable=False, comment="Similarity estimated from the signatures, 0 to 1"),
        sa.Column(
            "containment",
            sa.Double(),
            nullable=False,
            comment="Share of the smaller text's shingles found in the larger",
        ),
        sa.Column(
            "coverage", sa.Double(), nullable=False, comment="Share of the smaller text's words inside shared passages"
        ),
        sa.Column("shared_paragraphs", sa.Integer(), nullable=False, comment="Paragraphs they have in common"),
        sa.Column("scheme_id", KEY, nullable=False, comment="Scheme of both fingerprints"),
        sa.Column(
            "passages", JSON, nullable=False, comment="Shared passages: [left start, left end, right start, right end]"
        ),
        sa.CheckConstraint(
            "relation IN ('exact', 'near', 'contained', 'shares_passage')", name="ck_duplicate_pair_relation"
        ),
        sa.CheckConstraint("left_article_id < right_article_id", name="ck_duplicate_pair_order"),
        sa.ForeignKeyConstraint(["left_article_id"], ["article.article_id"], name="fk_duplicate_pair_left_article_id"),
        sa.ForeignKeyConstraint(
            ["right_article_id"], ["article.article_id"], name="fk_duplicate_pair_right_article_id"
        ),
        sa.ForeignKeyConstraint(["scheme_id"], ["scheme.scheme_id"], name="fk_duplicate_pair_scheme_id"),
        sa.PrimaryKeyConstraint("left_article_id", "right_article_id", name="pk_duplicate_pair"),
        comment="Pairs of articles that were compared on their text and share some of it",
    )
    op.create_index("ix_duplicate_pair_right_article_id", "duplicate_pair", ["right_article_id"], unique=False)
    op.create_table(
        "fingerprint",
        sa.Column("article_id", KEY, nullable=False, comment="The article"),
        sa.Column("scheme_id", KEY, nullable=False, comment="How it was made"),
        sa.Column(
            "signature",
            sa.LargeBinary(),
            nullable=True,
            comment="MinHash, uint32 little-endian; null: too short to shingle",
        ),
        sa.ForeignKeyConstraint(["article_id"], ["article.article_id"], name="fk_fingerprint_article_id"),
        sa.ForeignKeyConstraint(["scheme_id"], ["scheme.scheme_id"], name="fk_fingerprint_scheme_id"),
        sa.PrimaryKeyConstraint("article_id", name="pk_fingerprint"),
        comment="What the text of an article is compared by",
    )
    op.create_table(
        "paragraph",
        sa.Column("article_id", KEY, nullable=False, comment="The article"),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False, comment="Place in the body, from 0"),
        sa.Column(
            "block_position",
            sa.Integer(),
            nullable=False,
            comment="Place among all blocks of the document, kept and removed",
        ),
        sa.Column("char_start", sa.Integer(), nullable=False, comment="First character in the body, from 0"),
        sa.Column("char_end", sa.Integer(), nullable=False, comment="First character in the body after it"),
        sa.Column("kind", sa.Text(), nullable=False, comment="text, heading, quote or list"),
        sa.Column("word_count", sa.Integer(), nullable=False, comment="Words of the paragraph"),
        sa.Column("text_hash", sa.BigInteger(), nullable=False, comment="Hash of its normal form, 64 bit"),
        sa.CheckConstraint("kind IN ('text', 'heading', 'quote', 'list')", name="ck_paragraph_kind"),
        sa.ForeignKeyConstraint(["article_id"], ["article.article_id"], name="fk_paragraph_article_id"),
        sa.PrimaryKeyConstraint("article_id", "position", name="pk_paragraph"),
        comment="Where each paragraph stands in the body; the text is stored once, in the article",
    )
    op.create_index("ix_paragraph_text_hash", "paragraph", ["text_hash"], unique=False)
    op.create_table(
        "removed_block",
        sa.Column("article_id", KEY, nullable=False, comment="The article"),
        sa.Column(
            "position",
            sa.Integer(),
            autoincrement=False,
            nullable=False,
            comment="Place among all blocks of the document",
        ),
        sa.Column("text", sa.Text(), nullable=False, comment="What was removed"),
        sa.Column("rule", sa.Text(), nullable=False, comment="Rule that removed it"),
        sa.Column("detail", sa.Text(), nullable=False, comment="What the rule saw"),
        sa.Column("rule_version", sa.Text(), nullable=False, comment="Version of the rules"),
        sa.Column(
            "text_hash",
            sa.BigInteger(),
            nullable=True,
            comment="Hash of its normal form where the rule is repeat, else null",
        ),
        sa.ForeignKeyConstraint(["article_id"], ["article.article_id"], name="fk_removed_block_article_id"),
        sa.PrimaryKeyConstraint("article_id", "position", name="pk_removed_block"),
        comment="Blocks that are not in the body: junk, or moved to a column of its own",
    )
    op.create_table(
        "sketch_key",
        sa.Column(
            "key", sa.BigInteger(), autoincrement=False, nullable=False, comment="One of the smallest shingle hashes"
        ),
        sa.Column("article_id", KEY, nullable=False, comment="The article"),
        sa.ForeignKeyConstraint(["article_id"], ["article.article_id"], name="fk_sketch_key_article_id"),
        sa.PrimaryKeyConstraint("key", "article_id", name="pk_sketch_key"),
        comment="The sketch of each article; two articles that share keys are candidates",
        sqlite_with_rowid=False,
    )
    op.create_index("ix_sketch_key_article_id", "sketch_key", ["article_id"], unique=False)
    op.create_table(
        "story",
        sa.Column(
            "story_id",
            KEY,
            autoincrement=False,
            nullable=False,
            comment="Number of the story: the article that leads it",
        ),
        sa.ForeignKeyConstraint(["story_id"], ["article.article_id"], name="fk_story_story_id"),
        sa.PrimaryKeyConstraint("story_id", name="pk_story"),
        comment="An article and its copies; the members are the articles that name it",
    )
