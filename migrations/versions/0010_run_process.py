"""Which process a run is, and when it gave a sign of life: a run that was killed is told from one that runs.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

from etl.db.downgrade import refuse_to_lose

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def columns() -> list[sa.Column]:
    """A run of before has no process: it is left as it stands."""
    return [
        sa.Column("process", sa.Text(), comment="Process that does it: host, number, when it began; null: not known"),
        sa.Column("alive_at", MOMENT, comment="Its last sign of life while it runs, UTC"),
        sa.Column(
            "crashed",
            sa.Boolean(),
            nullable=False,
            server_default=sa.false(),
            comment="Its process was gone when another run began; what it left was taken over",
        ),
    ]


def upgrade() -> None:
    for column in columns():
        op.add_column("run", column)


def downgrade() -> None:
    refuse_to_lose(
        op.get_bind(),
        revision,
        {"which runs were killed": "run WHERE crashed", "which run is under way": "run WHERE status = 'running'"},
    )
    for column in reversed(columns()):
        op.drop_column("run", column.name)
