"""What a page says of itself besides: keywords, whether it is free to read, and where each field was found.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from etl.db.downgrade import refuse_to_lose

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")
_NOT_MADE_AGAIN = (
    "article a JOIN document d ON d.document_id = a.document_id WHERE a.origins <> '{}' "
    "AND NOT EXISTS (SELECT 1 FROM raw_body r WHERE r.sha256 = d.sha256)"
)


def columns() -> list[sa.Column]:
    """Articles of before have none of it until they are cleaned again."""
    return [
        sa.Column(
            "keywords", JSON, nullable=False, server_default="[]", comment="Keywords it gives itself, in its order"
        ),
        sa.Column(
            "is_accessible_for_free", sa.Boolean(), comment="Whether anybody may read it; null when it does not say"
        ),
        sa.Column("declared_language", sa.Text(), comment="Language it declares, where its text is plainly in another"),
        sa.Column(
            "repaired",
            sa.Boolean(),
            nullable=False,
            server_default=sa.false(),
            comment="Broken letters in it were mended",
        ),
        sa.Column("origins", JSON, nullable=False, server_default="{}", comment="Field -> where its value was found"),
    ]


def upgrade() -> None:
    for column in columns():
        op.add_column("article", column)


def downgrade() -> None:
    refuse_to_lose(op.get_bind(), revision, {"what was found in pages whose bytes are gone": _NOT_MADE_AGAIN})
    for column in reversed(columns()):
        op.drop_column("article", column.name)
