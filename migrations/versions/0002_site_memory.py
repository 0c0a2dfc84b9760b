"""Site memory that depends on what is stored, not on when it came; versions by rule version.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

from etl.db.downgrade import refuse_to_lose

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
VERSION_KEY = {"0001": ["article_id", "document_id"], "0002": ["article_id", "document_id", "rule_version"]}
VERSION_COLUMNS = (
    "article_id, document_id, headline, body, text_hash, modified_at, version_at, replaced_at, words_added, "
    "words_removed, reason, rule_version"
)
HASHED = "Hash of its normal form where the rule is repeat, else null"
HASHED_TOO = "Hash of its normal form where the rule is repeat or known, else null"


def upgrade() -> None:
    op.create_table(
        "stale_article",
        sa.Column("stale_article_id", KEY, nullable=False, comment="Number of the mark"),
        sa.Column("article_id", KEY, nullable=False, comment="The article"),
        sa.ForeignKeyConstraint(["article_id"], ["article.article_id"], name="fk_stale_article_article_id"),
        sa.PrimaryKeyConstraint("stale_article_id", name="pk_stale_article"),
        comment="Articles to be cleaned again, because more or less is known of their site; empty when a run ends",
    )
    op.create_index("ix_stale_article_article_id", "stale_article", ["article_id"])
    op.create_table(
        "lost_paragraph",
        sa.Column("lost_paragraph_id", KEY, nullable=False, comment="Number of the mark"),
        sa.Column("text_hash", sa.BigInteger(), nullable=False, comment="Hash of its normal form, 64 bit"),
        sa.PrimaryKeyConstraint("lost_paragraph_id", name="pk_lost_paragraph"),
        comment="Paragraphs that an article has lost, to be counted again; empty when a run ends",
    )
    op.create_index(
        "ix_removed_block_text_hash",
        "removed_block",
        ["text_hash"],
        sqlite_where=sa.text("text_hash IS NOT NULL"),
        postgresql_where=sa.text("text_hash IS NOT NULL"),
    )
    _say_what_is_hashed(HASHED_TOO, HASHED)
    _mark_stale()
    op.drop_column("known_paragraph", "stories")
    _key_versions("0002")


def downgrade() -> None:
    refuse_to_lose(
        op.get_bind(),
        revision,
        {
            "texts from before a cleaning with newer rules": "article_version WHERE reason = 'reclean'",
            "what is still to be cleaned again": "stale_article",
            "what is still to be counted": "lost_paragraph",
        },
    )
    reclean = "DELETE FROM article_version WHERE reason = 'reclean'"  # these may have the key of another version
    op.execute(reclean)
    _key_versions("0001")
    op.add_column(
        "known_paragraph",
        sa.Column(
            "stories",
            sa.Integer(),
            nullable=False,
            server_default="0",
            comment="Stories of the publisher it stood in when it was learned",
        ),
    )
    _say_what_is_hashed(HASHED, HASHED_TOO)
    op.drop_index("ix_removed_block_text_hash", "removed_block")
    op.drop_table("lost_paragraph")
    op.drop_table("stale_article")


def _mark_stale() -> None:
    """Until now what was removed as known kept no hash, and what came before it was known kept it in its text."""
    op.execute(
        "INSERT INTO stale_article (article_id) SELECT DISTINCT article_id FROM removed_block WHERE rule = 'known'"
    )
    op.execute(
        "INSERT INTO stale_article (article_id) SELECT DISTINCT a.article_id FROM known_paragraph k "
        "JOIN paragraph p ON p.text_hash = k.text_hash "
        "JOIN article a ON a.article_id = p.article_id AND a.publisher_id = k.publisher_id"
    )


def _say_what_is_hashed(comment: str, before: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("removed_block", "text_hash", comment=comment, existing_comment=before)


def _key_versions(revision_: str) -> None:
    """Give `article_version` another key; SQLite can only do that to a new table."""
    key = VERSION_KEY[revision_]
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("pk_article_version", "article_version", type_="primary")
        op.create_primary_key("pk_article_version", "article_version", key)
        return
    op.rename_table("article_version", "article_version_old")
    op.drop_index("ix_article_version_document_id", "article_version_old")
    op.create_table(
        "article_version",
        sa.Column("article_id", KEY, nullable=False),
        sa.Column("document_id", KEY, nullable=False),
        sa.Column("headline", sa.Text(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("text_hash", sa.BigInteger(), nullable=False),
        sa.Column("modified_at", sa.Text(), nullable=True),
        sa.Column("version_at", sa.Text(), nullable=True),
        sa.Column("replaced_at", sa.Text(), nullable=False),
        sa.Column("words_added", sa.Integer(), nullable=False),
        sa.Column("words_removed", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("rule_version", sa.Text(), nullable=False),
        sa.CheckConstraint("reason IN ('changed', 'reclean')", name="ck_article_version_reason"),
        sa.ForeignKeyConstraint(["article_id"], ["article.article_id"], name="fk_article_version_article_id"),
        sa.ForeignKeyConstraint(["document_id"], ["document.document_id"], name="fk_article_version_document_id"),
        sa.PrimaryKeyConstraint(*key, name="pk_article_version"),
    )
    op.execute(
        f"INSERT INTO article_version ({VERSION_COLUMNS}) SELECT {VERSION_COLUMNS} FROM article_version_old"  # noqa: S608
    )
    op.drop_table("article_version_old")
    op.create_index("ix_article_version_document_id", "article_version", ["document_id"])
