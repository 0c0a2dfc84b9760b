"""Matchers stored with what they decided, and the paragraphs that correspond in a pair.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(JSONB(), "postgresql")
SAID = {
    "article": "Matcher that compared it last; null: none yet, or not known",
    "duplicate_pair": "Matcher that verified it; null: not known",
}


def upgrade() -> None:
    op.create_table(
        "matcher",
        sa.Column("matcher_id", KEY, nullable=False, comment="Number of the matcher"),
        sa.Column("name", sa.Text(), nullable=False, comment="Name of the matcher"),
        sa.Column("parameters", JSON, nullable=False, comment="The numbers that rule pairs and stories"),
        sa.PrimaryKeyConstraint("matcher_id", name="pk_matcher"),
        sa.UniqueConstraint("name", name="uq_matcher_name"),
        comment="How pairs are verified and stories made: the rules of matching with their numbers",
    )
    for table, said in SAID.items():
        _refer(table, said)
    op.add_column(
        "duplicate_pair",
        sa.Column(
            "paragraphs",
            JSON,
            nullable=False,
            server_default=sa.text("'[]'"),
            comment="Corresponding paragraphs: [left position, right position, similarity]; 1 is equal",
        ),
    )


def downgrade() -> None:
    op.drop_column("duplicate_pair", "paragraphs")
    for table in SAID:
        op.drop_column(table, "matcher_id")
    op.drop_table("matcher")


def _refer(table: str, said: str) -> None:
    """Add a column that refers to `matcher`; SQLite takes the reference with the column, and cannot name it."""
    if op.get_bind().dialect.name == "postgresql":
        op.add_column(table, sa.Column("matcher_id", KEY, nullable=True, comment=said))
        op.create_foreign_key(f"fk_{table}_matcher_id", table, "matcher", ["matcher_id"], ["matcher_id"])
    else:
        op.execute(f"ALTER TABLE {table} ADD COLUMN matcher_id INTEGER REFERENCES matcher (matcher_id)")
