"""The articles of a day are found by an index; before, every article was read for them, with its text.

Revision ID: 0015
Revises: 0014
"""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_article_published_at", "article", ["published_at"])


def downgrade() -> None:
    op.drop_index("ix_article_published_at", "article")
