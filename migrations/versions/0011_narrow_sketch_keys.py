"""Sketch keys of 32 bits: the low halves of the hashes, in rows of half the size.

Revision ID: 0011
Revises: 0010
"""

# ruff: noqa: S608 - the queries are put together from the pieces in this file
import struct

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

WIDE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KEY = "One of the smallest shingle hashes, its low 32 bits"
KEY_BEFORE = "One of the smallest shingle hashes"
ROWS_AT_ONCE = 10_000


def low_half(key: str) -> str:
    """SQL for the low 32 bits of a number, signed."""
    low = f"({key} & 4294967295)"
    return f"{low} - CASE WHEN {low} >= 2147483648 THEN 4294967296 ELSE 0 END"


def upgrade() -> None:
    make_anew(sa.Integer(), sa.Integer(), KEY)
    op.execute(
        "INSERT INTO sketch_key (key, article_id) "
        f"SELECT DISTINCT {low_half('key')}, article_id FROM sketch_key_old ORDER BY 1, 2"
    )
    op.drop_table("sketch_key_old")


def downgrade() -> None:
    """The whole hashes stand in the sketches, those that are still to be taken out among the lost ones."""
    make_anew(sa.BigInteger(), WIDE, KEY_BEFORE)
    conn = op.get_bind()
    sketches = conn.execute(
        sa.text("SELECT article_id, sketch FROM fingerprint UNION SELECT article_id, sketch FROM lost_sketch")
    )
    while part := sketches.fetchmany(ROWS_AT_ONCE):
        keys = [{"key": key, "id": i} for i, sketch in part for key in struct.unpack(f"<{len(sketch) // 8}q", sketch)]
        if keys:
            conn.execute(
                sa.text("INSERT INTO sketch_key (key, article_id) VALUES (:key, :id) ON CONFLICT DO NOTHING"), keys
            )
    op.execute(
        "DELETE FROM sketch_key WHERE NOT EXISTS (SELECT 1 FROM sketch_key_old o "
        f"WHERE o.key = {low_half('sketch_key.key')} AND o.article_id = sketch_key.article_id)"
    )
    op.drop_table("sketch_key_old")


def make_anew(key: sa.types.TypeEngine, article: sa.types.TypeEngine, comment: str) -> None:
    """Make `sketch_key` with columns of these types; what was there stands in `sketch_key_old`."""
    op.rename_table("sketch_key", "sketch_key_old")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE sketch_key_old RENAME CONSTRAINT pk_sketch_key TO pk_sketch_key_old")
    op.create_table(
        "sketch_key",
        sa.Column("key", key, autoincrement=False, nullable=False, comment=comment),
        sa.Column("article_id", article, autoincrement=False, nullable=False, comment="The article; it may be gone"),
        sa.PrimaryKeyConstraint("key", "article_id", name="pk_sketch_key"),
        comment="The sketches of compared articles; two articles that share keys are candidates",
        sqlite_with_rowid=False,
    )
