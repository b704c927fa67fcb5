"""The table of keys that all nodes share."""

import sqlalchemy as sa
from alembic import op

revision = "i0003"
down_revision = "i0002"


def upgrade() -> None:
    """Create it."""
    op.create_table(
        "insights_key",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("key", sa.LargeBinary, nullable=False),
    )
