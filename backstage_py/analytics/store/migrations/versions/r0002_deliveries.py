"""How far each backend is, and what it did not take."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_POSITION = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create `analytics_delivery_cursor` and `analytics_delivery`."""
    op.create_table(
        "analytics_delivery_cursor",
        sa.Column("backend", sa.String(128), primary_key=True),
        sa.Column("position", _POSITION, nullable=False),
        *_failure_columns(),
    )
    op.create_table(
        "analytics_delivery",
        sa.Column("backend", sa.String(128), primary_key=True),
        sa.Column("position", _POSITION, primary_key=True, autoincrement=False),
        sa.Column("event_id", sa.String(36), nullable=False),
        sa.Column("session_id", sa.String(64)),
        sa.Column("state", sa.String(16), nullable=False),
        *_failure_columns(),
    )
    op.create_index(
        "ix_analytics_delivery_state", "analytics_delivery", ["backend", "state", "position"]
    )


def _failure_columns() -> list[sa.Column[object]]:
    return [
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("failing_since", sa.DateTime(timezone=True)),
        sa.Column("retry_at", sa.DateTime(timezone=True)),
        sa.Column("reason", sa.Text()),
    ]
