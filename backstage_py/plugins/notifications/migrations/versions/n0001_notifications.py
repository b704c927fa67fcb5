"""The tables of notifications, and of their read and saved marks."""

import sqlalchemy as sa
from alembic import op

revision = "n0001"
down_revision = None


def upgrade() -> None:
    """Create them."""
    op.create_table(
        "notification",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("user", sa.String(255)),
        sa.Column("origin", sa.String(255), nullable=False),
        sa.Column("title", sa.String(255), nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("link", sa.Text, nullable=False),
        sa.Column("severity", sa.Integer, nullable=False),
        sa.Column("topic", sa.String(255), nullable=False),
        sa.Column("scope", sa.String(255), nullable=False),
        sa.Column("icon", sa.String(255), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_notification_user", "notification", ["user", "updated"])
    op.create_index("ix_notification_scope", "notification", ["scope", "origin"])
    op.create_table(
        "notification_mark",
        sa.Column("user", sa.String(255), primary_key=True),
        sa.Column("notification_id", sa.String(36), primary_key=True),
        sa.Column("read_at", sa.DateTime(timezone=True)),
        sa.Column("saved_at", sa.DateTime(timezone=True)),
    )
