"""Sources that are polled: where they are, how they are doing, and which of their items were seen.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

from etl.db.downgrade import refuse_to_lose

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(sa.dialects.postgresql.JSONB(), "postgresql")
BINARY_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")
KINDS = "adhoc: named by hand when a run was started"
MORE_KINDS = f"{KINDS}; else feed, sitemap, page, folder or a format of files"
PENDING = sa.text("state = 'pending'")


def upgrade() -> None:
    for column in _columns():
        op.add_column("source", column)
    op.create_index("ix_source_next_poll_at", "source", ["next_poll_at"])
    _say_kinds(MORE_KINDS, KINDS)
    op.create_table(
        "source_item",
        sa.Column("source_item_id", KEY, nullable=False, comment="Number of the item"),
        sa.Column("source_id", KEY, nullable=False, comment="Source that lists it"),
        sa.Column(
            "item_key",
            sa.Text(),
            nullable=False,
            comment="SHA-256 of its guid, else canonical address, else address, else text",
        ),
        sa.Column("url_hash", sa.Text(), comment="SHA-256 of its address in its one form; null: it has none"),
        sa.Column("revision", sa.Text(), nullable=False, comment="SHA-256 of what the list says of it"),
        sa.Column("record", JSON, comment="What the list says of it; null once it is done"),
        sa.Column(
            "state",
            sa.Text(),
            nullable=False,
            comment="pending; done: its document is loaded or rejected; elsewhere: its page is read for another item",
        ),
        sa.Column(
            "tries", sa.Integer(), nullable=False, comment="Times its page could not be had for a passing reason"
        ),
        sa.Column("retry_at", MOMENT, comment="Not to be tried before, UTC; null: at any time"),
        sa.Column("note", sa.Text(), comment="Why its page could not be had; null: it could"),
        sa.Column("first_seen_at", MOMENT, nullable=False, comment="When it was first seen in a list, UTC"),
        sa.Column("done_at", MOMENT, comment="When it was done last, UTC"),
        sa.CheckConstraint("state IN ('pending', 'done', 'elsewhere')", name="ck_source_item_state"),
        sa.ForeignKeyConstraint(["source_id"], ["source.source_id"], name="fk_source_item_source_id"),
        sa.PrimaryKeyConstraint("source_item_id", name="pk_source_item"),
        sa.UniqueConstraint("source_id", "item_key", name="uq_source_item_source_id_item_key"),
        comment="Items of feeds and sitemaps that were seen: only what is new or changed is read again",
    )
    op.create_index("ix_source_item_url_hash", "source_item", ["url_hash"])
    op.create_index(
        "ix_source_item_pending", "source_item", ["source_id"], sqlite_where=PENDING, postgresql_where=PENDING
    )


def downgrade() -> None:
    refuse_to_lose(
        op.get_bind(),
        revision,
        {"the list of sources": "source WHERE url IS NOT NULL", "items that were seen": "source_item"},
    )
    op.drop_table("source_item")
    _say_kinds(KINDS, MORE_KINDS)
    op.drop_index("ix_source_next_poll_at", "source")
    for column in reversed(_columns()):
        op.drop_column("source", column.name)


def _columns() -> list[sa.Column]:
    return [
        sa.Column("url", BINARY_TEXT, comment="Address of the feed, sitemap or page, or path of files; null: adhoc"),
        sa.Column(
            "interval_seconds",
            sa.Integer(),
            comment="Time between two polls as its owner chose; null: by how often it changes",
        ),
        sa.Column("allow", JSON, comment="Hosts whose pages may be read for it; null: all"),
        sa.Column(
            "enabled", sa.Boolean(), nullable=False, server_default=sa.true(), comment="It is polled when it is due"
        ),
        sa.Column("etag", sa.Text(), comment="ETag to send the next time, as the server gave it"),
        sa.Column("last_modified", sa.Text(), comment="Last-Modified to send the next time, as the server gave it"),
        sa.Column("body_sha256", sa.Text(), comment="SHA-256 of the list as it was read last, hex"),
        sa.Column(
            "moved_to", sa.Text(), comment="Address that a permanent redirect leads to, and that is asked instead"
        ),
        sa.Column("last_polled_at", MOMENT, comment="When it was asked last, UTC"),
        sa.Column("last_ok_at", MOMENT, comment="When it was read last, or found unchanged, UTC"),
        sa.Column("last_new_at", MOMENT, comment="When it last had something new, UTC"),
        sa.Column("next_poll_at", MOMENT, comment="When it is due, UTC; null: at once"),
        sa.Column("wait_seconds", sa.Integer(), comment="Time between two polls while all is well"),
        sa.Column(
            "failures", sa.Integer(), nullable=False, server_default=sa.text("0"), comment="Polls in a row that failed"
        ),
        sa.Column("last_error", sa.Text(), comment="Why the latest poll failed, or what was wrong with the list"),
        sa.Column(
            "items_seen",
            sa.Integer(),
            nullable=False,
            server_default=sa.text("0"),
            comment="Items of all its lists, each once",
        ),
        sa.Column("items_now", sa.Integer(), comment="Items in its latest list"),
        sa.Column("items_usual", sa.Double(), comment="Items in its list as a rule"),
        sa.Column("new_gap_seconds", sa.Double(), comment="Time between two polls that found something new, as a rule"),
        sa.Column(
            "health",
            sa.Text(),
            nullable=False,
            server_default="new",
            comment="new, ok, failing, robots-refused, silent or shrinking",
        ),
        sa.Column("parts", JSON, comment="Of a sitemap index: what is known of its sitemaps, by address"),
    ]


def _say_kinds(comment: str, before: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("source", "kind", comment=comment, existing_comment=before)
