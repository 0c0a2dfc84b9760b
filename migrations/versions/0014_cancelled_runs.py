"""Which runs somebody stopped: they are told from those that were killed, at once and not by the next run.

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

from etl.db.downgrade import refuse_to_lose

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Runs of before stand as they were found: as crashed, or failed by an interruption."""
    op.add_column(
        "run",
        sa.Column(
            "cancelled",
            sa.Boolean(),
            nullable=False,
            server_default=sa.false(),
            comment="Somebody stopped it; the next run takes up what it left",
        ),
    )


def downgrade() -> None:
    refuse_to_lose(op.get_bind(), revision, {"which runs were cancelled": "run WHERE cancelled"})
    op.drop_column("run", "cancelled")
