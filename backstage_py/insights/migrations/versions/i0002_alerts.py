"""The tables of alerts' states, owed messages, and rules made on a page."""

import sqlalchemy as sa
from alembic import op

revision = "i0002"
down_revision = "i0001"


def upgrade() -> None:
    """Create the tables."""
    time = sa.DateTime(timezone=True)
    op.create_table(
        "insights_alert",
        sa.Column("name", sa.String(200), primary_key=True),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("is_firing", sa.Boolean(), nullable=False),
        sa.Column("since", time),
        sa.Column("value", sa.Float()),
        sa.Column("problem", sa.Text()),
        sa.Column("checked_at", time),
        sa.Column("due_at", time, nullable=False),
        sa.Column("leased_until", time),
    )
    op.create_table(
        "insights_alert_message",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("alert", sa.String(200), nullable=False),
        sa.Column("channel", sa.String(64), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("made_at", time, nullable=False),
        sa.Column("due_at", time, nullable=False),
        sa.Column("problem", sa.Text()),
    )
    op.create_index(
        "ix_insights_alert_message_state", "insights_alert_message", ["state", "due_at"]
    )
    op.create_table(
        "insights_alert_rule",
        sa.Column("name", sa.String(200), primary_key=True),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("author", sa.String(255), nullable=False),
        sa.Column("made_at", time, nullable=False),
    )
