"""The table of people's choices to be recorded or not."""

import sqlalchemy as sa
from alembic import op

revision = "p0001"
down_revision = None


def upgrade() -> None:
    """Create it."""
    op.create_table(
        "analytics_choice",
        sa.Column("user", sa.String(255), primary_key=True),
        sa.Column("choice", sa.String(16), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
    )
