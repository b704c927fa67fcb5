"""The table of annotations."""

import sqlalchemy as sa
from alembic import op

revision = "i0001"
down_revision = None


def upgrade() -> None:
    """Create it."""
    op.create_table(
        "insights_annotation",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.String(500), nullable=False),
        sa.Column("tags", sa.Text(), nullable=False),
        sa.Column("author", sa.String(255)),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key", sa.String(255), unique=True),
    )
    op.create_index("ix_insights_annotation_at", "insights_annotation", ["at"])
