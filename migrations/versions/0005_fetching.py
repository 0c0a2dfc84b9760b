"""Reading from the web: what is known of pages and hosts, and of the way a document came.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

from etl.db.downgrade import refuse_to_lose

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(sa.dialects.postgresql.JSONB(), "postgresql")
BINARY_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    op.add_column(
        "document",
        sa.Column(
            "robots", sa.Text(), comment="What robots.txt said of a page from the web: allowed, ..., or not asked"
        ),
    )
    op.add_column(
        "document",
        sa.Column(
            "redirects",
            JSON,
            comment="Redirects on the way to it: [[status, address], ...]; null where there were none",
        ),
    )
    _create_page()
    _create_host()
    _create_robots()


def downgrade() -> None:
    refuse_to_lose(
        op.get_bind(), revision, {"how pages came": "document WHERE robots IS NOT NULL OR redirects IS NOT NULL"}
    )
    op.drop_table("robots")
    op.drop_table("host")
    op.drop_table("page")
    op.drop_column("document", "redirects")
    op.drop_column("document", "robots")


def _create_page() -> None:
    op.create_table(
        "page",
        sa.Column("url", BINARY_TEXT, nullable=False, comment="Address as it was asked for"),
        sa.Column(
            "uri", BINARY_TEXT, nullable=False, comment="Address of the document that came last, after redirects"
        ),
        sa.Column("sha256", sa.Text(), nullable=False, comment="SHA-256 of the bytes of that document, hex"),
        sa.Column("etag", sa.Text(), comment="ETag to send the next time, as the server gave it"),
        sa.Column("last_modified", sa.Text(), comment="Last-Modified to send the next time, as the server gave it"),
        sa.Column("checked_at", MOMENT, nullable=False, comment="When it was read last, UTC"),
        sa.Column("changed_at", MOMENT, nullable=False, comment="When it was found changed last, UTC"),
        sa.PrimaryKeyConstraint("url", name="pk_page"),
        comment="What is known of each address that was read from the web: only what changed is read again",
    )


def _create_host() -> None:
    op.create_table(
        "host",
        sa.Column(
            "name", sa.Text(), nullable=False, comment="Host and unusual port, or a robots.txt while it is asked for"
        ),
        sa.Column(
            "next_at_ms",
            sa.BigInteger(),
            nullable=False,
            comment="When its next turn may begin, milliseconds since 1970",
        ),
        sa.Column("held_until_ms", sa.BigInteger(), nullable=False, comment="It is given a rest until then, likewise"),
        sa.PrimaryKeyConstraint("name", name="pk_host"),
        comment="Whose turn it is with a host: one request at a time, an interval apart, for all workers together",
    )


def _create_robots() -> None:
    op.create_table(
        "robots",
        sa.Column("origin", sa.Text(), nullable=False, comment="Scheme, host and port"),
        sa.Column("status", sa.Integer(), nullable=False, comment="Status of the answer"),
        sa.Column("text", sa.Text(), nullable=False, comment="The robots.txt; empty where there is none"),
        sa.Column("fetched_at", MOMENT, nullable=False, comment="When it was read, UTC"),
        sa.PrimaryKeyConstraint("origin", name="pk_robots"),
        comment="The robots.txt of each site, kept for a day",
    )
