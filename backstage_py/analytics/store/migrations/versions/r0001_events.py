"""The table of events, as of the first release."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create `analytics_event`."""
    op.create_table(
        "analytics_event",
        sa.Column(
            "position",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            primary_key=True,
            autoincrement=True,
        ),
        sa.Column("id", sa.String(36), nullable=False, unique=True),
        sa.Column("action", sa.String(128), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("value", sa.JSON(none_as_null=True)),
        sa.Column("attributes", sa.JSON(none_as_null=True)),
        sa.Column("context", sa.JSON(), nullable=False),
        sa.Column("plugin_id", sa.Text(), nullable=False),
        sa.Column("extension", sa.Text(), nullable=False),
        sa.Column("route_ref", sa.Text(), nullable=False),
        sa.Column("timestamp", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("session_id", sa.String(64)),
        sa.Column("user", sa.Text()),
        sa.Column("origin", sa.String(16), nullable=False),
        sqlite_autoincrement=True,
    )
    for column in ("action", "plugin_id", "user", "session_id", "timestamp"):
        op.create_index(f"ix_analytics_event_{column}", "analytics_event", [column, "position"])
