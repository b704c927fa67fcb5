"""The dashboards, and whom they are shared with."""

import sqlalchemy as sa
from alembic import op

revision = "i0004"
down_revision = "i0003"


def upgrade() -> None:
    """Create the tables."""
    time = sa.DateTime(timezone=True)
    op.create_table(
        "insights_dashboard",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("owner", sa.String(255), nullable=False),
        sa.Column("pins", sa.Text(), nullable=False),
        sa.Column("made_at", time, nullable=False),
    )
    op.create_index("ix_insights_dashboard_owner", "insights_dashboard", ["owner"])
    op.create_table(
        "insights_dashboard_share",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("dashboard", sa.String(36), nullable=False),
        sa.Column("ref", sa.String(255), nullable=False),
        sa.Column("sharer", sa.String(255), nullable=False),
        sa.Column("token_sha256", sa.String(64), unique=True),
        sa.Column("expires_at", time),
        sa.Column("made_at", time, nullable=False),
    )
    op.create_index("ix_insights_dashboard_share_of", "insights_dashboard_share", ["dashboard"])
    op.create_index("ix_insights_dashboard_share_ref", "insights_dashboard_share", ["ref"])
