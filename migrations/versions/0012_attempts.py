"""Attempts count replays too; when the latest one was stands in v_rejected.

Revision ID: 0012
Revises: 0011
"""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

COUNTED = "Times it was refused with another outcome or by other rules"
COUNTED_TOO = "Times it was refused: with another outcome, by other rules, or in another try"


def upgrade() -> None:
    _say_what_is_counted(COUNTED_TOO, COUNTED)


def downgrade() -> None:
    _say_what_is_counted(COUNTED, COUNTED_TOO)


def _say_what_is_counted(comment: str, before: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("rejection", "attempts", comment=comment, existing_comment=before)
