"""Matching in chunks: sketches stand in fingerprints, matching alone keeps their keys; search in batches on SQLite.

Revision ID: 0003
Revises: 0002
"""

import struct
from itertools import groupby

import sqlalchemy as sa
from alembic import op

from etl.db.downgrade import refuse_to_lose

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
COMMENTS = {
    "sketch": "Smallest shingle hashes, int64 little-endian, sorted",
    "sketch_key": "The sketches of compared articles; two articles that share keys are candidates",
    "article_id": "The article; it may be gone",
    "moved": "It was in another story before; else its text was compared",
    "lost_sketch": "Sketches that articles have lost, their keys to be taken out by matching; empty when a run ends",
    "uncounted": "Articles whose paragraphs are to be counted to learn their site; empty when a run ends",
}
BEFORE = {
    "sketch_key": "The sketch of each article; two articles that share keys are candidates",
    "article_id": "The article",
}
ADD_TO_SEARCH = (
    "CREATE TRIGGER article_fts_insert AFTER INSERT ON article BEGIN "
    "INSERT INTO article_fts (rowid, headline, standfirst, body) "
    "VALUES (new.article_id, new.headline, new.standfirst, new.body); END"
)


def upgrade() -> None:
    op.create_table(
        "lost_sketch",
        sa.Column("lost_sketch_id", KEY, nullable=False, comment="Number of the mark"),
        sa.Column("article_id", KEY, nullable=False, comment=COMMENTS["article_id"]),
        sa.Column("sketch", sa.LargeBinary(), nullable=False, comment="The sketch it had, as in fingerprint"),
        sa.PrimaryKeyConstraint("lost_sketch_id", name="pk_lost_sketch"),
        comment=COMMENTS["lost_sketch"],
    )
    op.create_table(
        "uncounted_article",
        sa.Column("uncounted_article_id", KEY, nullable=False, comment="Number of the mark"),
        sa.Column("article_id", KEY, nullable=False, comment="The article"),
        sa.Column("moved", sa.Boolean(), nullable=False, comment=COMMENTS["moved"]),
        sa.PrimaryKeyConstraint("uncounted_article_id", name="pk_uncounted_article"),
        comment=COMMENTS["uncounted"],
    )
    empty = sa.text("''")
    op.add_column(
        "fingerprint",
        sa.Column("sketch", sa.LargeBinary(), nullable=False, server_default=empty, comment=COMMENTS["sketch"]),
    )
    _fill_sketches()
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("fingerprint", "sketch", server_default=None)
        op.drop_constraint("fk_sketch_key_article_id", "sketch_key", type_="foreignkey")
        op.drop_index("ix_sketch_key_article_id", "sketch_key")
        _comment(COMMENTS, BEFORE)
    else:
        op.execute("DROP TRIGGER article_fts_insert")
        _make_keys_anew()


def downgrade() -> None:
    refuse_to_lose(
        op.get_bind(),
        revision,
        {
            "what is still to be compared": "article WHERE match_pending",
            "what is still to be counted": "uncounted_article",
            "what is still to be taken out": "lost_sketch",
        },
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DELETE FROM sketch_key WHERE article_id NOT IN (SELECT article_id FROM article)")
        op.create_index("ix_sketch_key_article_id", "sketch_key", ["article_id"])
        op.create_foreign_key("fk_sketch_key_article_id", "sketch_key", "article", ["article_id"], ["article_id"])
        _comment(BEFORE, COMMENTS)
    else:
        op.execute(ADD_TO_SEARCH)
        _make_keys_anew(
            sa.ForeignKeyConstraint(["article_id"], ["article.article_id"], name="fk_sketch_key_article_id")
        )
        op.create_index("ix_sketch_key_article_id", "sketch_key", ["article_id"])
    op.drop_column("fingerprint", "sketch")
    op.drop_table("uncounted_article")
    op.drop_table("lost_sketch")


def _fill_sketches() -> None:
    """Give fingerprints the sketches that stood in rows alone."""
    conn = op.get_bind()
    rows = conn.execute(sa.text("SELECT article_id, key FROM sketch_key ORDER BY article_id, key"))
    sketches = []
    for article_id, group in groupby(rows, key=lambda row: row[0]):
        keys = [key for _, key in group]
        sketches.append({"id": article_id, "sketch": struct.pack(f"<{len(keys)}q", *keys)})
    if sketches:
        conn.execute(sa.text("UPDATE fingerprint SET sketch = :sketch WHERE article_id = :id"), sketches)


def _comment(now: dict[str, str], before: dict[str, str]) -> None:
    op.create_table_comment("sketch_key", now["sketch_key"], existing_comment=before["sketch_key"])
    op.alter_column("sketch_key", "article_id", comment=now["article_id"], existing_comment=before["article_id"])


def _make_keys_anew(*more: sa.Constraint) -> None:
    """Make `sketch_key` with or without a reference; SQLite can only do that to a new table."""
    op.rename_table("sketch_key", "sketch_key_old")
    op.drop_index("ix_sketch_key_article_id", "sketch_key_old", if_exists=True)
    op.create_table(
        "sketch_key",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("article_id", KEY, autoincrement=False, nullable=False),
        *more,
        sa.PrimaryKeyConstraint("key", "article_id", name="pk_sketch_key"),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO sketch_key (key, article_id) SELECT key, article_id FROM sketch_key_old "
        "WHERE article_id IN (SELECT article_id FROM article) ORDER BY key, article_id"
    )
    op.drop_table("sketch_key_old")
