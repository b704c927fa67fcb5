"""The table of users' settings."""

import sqlalchemy as sa
from alembic import op

revision = "u0001"
down_revision = None


def upgrade() -> None:
    """Create it."""
    op.create_table(
        "user_setting",
        sa.Column("user", sa.String(255), primary_key=True),
        sa.Column("bucket", sa.String(255), primary_key=True),
        sa.Column("key", sa.String(255), primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
