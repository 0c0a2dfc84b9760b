"""A scheme says how many shingles of a text's opening its sketch prefers; those of before preferred none.

Revision ID: 0013
Revises: 0012
"""

import re

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "scheme",
        sa.Column(
            "sketch_opening",
            sa.Integer(),
            nullable=False,
            server_default="0",
            comment="Shingles of the opening, twice as likely in the sketch",
        ),
    )
    scheme = sa.table("scheme", sa.column("name"), sa.column("sketch_opening"))
    for name in op.get_bind().scalars(sa.select(scheme.c.name)).all():  # some may have been here before a downgrade
        if found := re.search(r"open(\d+)-", name):
            op.execute(scheme.update().where(scheme.c.name == name).values(sketch_opening=int(found[1])))


def downgrade() -> None:
    op.drop_column("scheme", "sketch_opening")  # the name of the scheme tells it too
