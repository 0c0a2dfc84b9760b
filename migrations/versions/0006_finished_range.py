"""Parts of large files that need not be read again.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(JSONB(), "postgresql")
BINARY_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
STATE = "Hash of its size and time, the rules, and what was asked for"


def upgrade() -> None:
    op.create_table(
        "finished_range",
        sa.Column("uri", BINARY_TEXT, nullable=False, comment="Address of the file"),
        sa.Column(
            "range_start", sa.BigInteger(), autoincrement=False, nullable=False, comment="First byte of the range"
        ),
        sa.Column("range_end", sa.BigInteger(), nullable=False, comment="First byte behind it"),
        sa.Column("state", sa.Text(), nullable=False, comment=STATE),
        sa.Column("read_count", sa.Integer(), nullable=False, comment="Documents read from it"),
        sa.Column("rejected_count", sa.Integer(), nullable=False, comment="Documents of these that were rejected"),
        sa.Column("passed", JSON, nullable=False, comment="What was passed over in it: reason to number"),
        sa.Column("run_id", KEY, nullable=False, comment="Run that finished it"),
        sa.ForeignKeyConstraint(["run_id"], ["run.run_id"], name="fk_finished_range_run_id"),
        sa.PrimaryKeyConstraint("uri", "range_start", name="pk_finished_range"),
        comment="Parts of large files that were read to their end, and are not read again while nothing changes",
    )


def downgrade() -> None:
    op.drop_table("finished_range")
