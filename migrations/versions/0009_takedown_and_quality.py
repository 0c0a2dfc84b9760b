"""Marks of what was taken down by identity, address, text and bytes; what was measured after each run.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

from etl.db.downgrade import refuse_to_lose

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    # Nothing has written to it before, so it is made anew.
    op.drop_table("takedown")
    op.create_table(
        "takedown",
        sa.Column("takedown_id", KEY, nullable=False, comment="Number of the mark"),
        sa.Column("kind", sa.Text(), nullable=False, comment="What is marked: identity, address, text or bytes"),
        sa.Column(
            "hash",
            sa.Text(),
            nullable=False,
            comment="SHA-256, hex: of the identity, the address, the bytes as they were read, or the hash of the text",
        ),
        sa.Column("reason", sa.Text(), comment="Why it was taken down"),
        sa.Column("run_id", KEY, nullable=False, comment="Run that took it down"),
        sa.CheckConstraint("kind IN ('identity', 'address', 'text', 'bytes')", name="ck_takedown_kind"),
        sa.ForeignKeyConstraint(["run_id"], ["run.run_id"], name="fk_takedown_run_id"),
        sa.PrimaryKeyConstraint("takedown_id", name="pk_takedown"),
        sa.UniqueConstraint("hash", name="uq_takedown_hash"),
        comment="Marks of articles that were taken down and must not come back; no word of them is kept",
    )
    _create_quality_check()
    op.create_index("ix_document_run_id", "document", ["run_id"])


def _create_quality_check() -> None:
    metrics = ("documents", "rejected", "undated", "no_headline", "no_author", "daily_documents", "oversized_stories")
    op.create_table(
        "quality_check",
        sa.Column("quality_check_id", KEY, nullable=False, comment="Number of the check"),
        sa.Column("run_id", KEY, nullable=False, comment="Run after which it was made"),
        sa.Column("source_id", KEY, comment="Source it is about; null: the whole database"),
        sa.Column("metric", sa.Text(), nullable=False, comment="What was measured, see v_quality"),
        sa.Column("documents", sa.Integer(), nullable=False, comment="Documents it was measured on"),
        sa.Column("value", sa.Double(), nullable=False, comment="What was found"),
        sa.Column("usual", sa.Double(), comment="What is usual for this source; null: too little is known"),
        sa.Column("alarm", sa.Boolean(), nullable=False, comment="It is far from what is usual"),
        sa.Column("fresh", sa.Boolean(), nullable=False, comment="It is an alarm, and the check before it was none"),
        sa.CheckConstraint(f"metric IN {metrics!r}", name="ck_quality_check_metric"),
        sa.ForeignKeyConstraint(["run_id"], ["run.run_id"], name="fk_quality_check_run_id"),
        sa.ForeignKeyConstraint(["source_id"], ["source.source_id"], name="fk_quality_check_source_id"),
        sa.PrimaryKeyConstraint("quality_check_id", name="pk_quality_check"),
        comment="What was measured after each run, against the history of each source",
    )
    op.create_index("ix_quality_check_run_id", "quality_check", ["run_id"])
    op.create_index("ix_quality_check_source_id", "quality_check", ["source_id"])


def downgrade() -> None:
    refuse_to_lose(
        op.get_bind(), revision, {"marks that keep articles out": "takedown", "checks of earlier runs": "quality_check"}
    )
    op.drop_index("ix_document_run_id", "document")
    op.drop_table("quality_check")
    op.drop_table("takedown")
    op.create_table(
        "takedown",
        sa.Column("takedown_id", KEY, nullable=False, comment="Number of the takedown"),
        sa.Column("url_hash", sa.Text(), nullable=False, comment="SHA-256 of the address in normal form, hex"),
        sa.Column("reason", sa.Text(), comment="Why it was taken down"),
        sa.Column("run_id", KEY, nullable=False, comment="Run that took it down"),
        sa.ForeignKeyConstraint(["run_id"], ["run.run_id"], name="fk_takedown_run_id"),
        sa.PrimaryKeyConstraint("takedown_id", name="pk_takedown"),
        sa.UniqueConstraint("url_hash", name="uq_takedown_url_hash"),
        comment="Marks of articles that were taken down and must not come back",
    )
