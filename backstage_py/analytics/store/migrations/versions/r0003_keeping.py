"""What was deleted from the record, who was erased, and what backends still have to erase."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_POSITION = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the tables of deletions and erasures."""
    op.create_table(
        "analytics_deletion",
        sa.Column("position", _POSITION, primary_key=True, autoincrement=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(16), nullable=False),
        sa.Column("action", sa.String(128)),
        sa.Column("before", sa.DateTime(timezone=True)),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "analytics_erased_event",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("deletion", _POSITION, nullable=False),
    )
    op.create_index("ix_analytics_erased_event_deletion", "analytics_erased_event", ["deletion"])
    op.create_table(
        "analytics_erasure",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("undelivered", sa.Integer(), nullable=False),
    )
    op.create_index("ix_analytics_erasure_person", "analytics_erasure", ["person"])
    op.create_table(
        "analytics_erasure_task",
        sa.Column("erasure", sa.String(36), primary_key=True),
        sa.Column("backend", sa.String(128), primary_key=True),
        sa.Column("user_id", sa.Text()),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("failing_since", sa.DateTime(timezone=True)),
        sa.Column("retry_at", sa.DateTime(timezone=True)),
        sa.Column("reason", sa.Text()),
    )
    op.create_index(
        "ix_analytics_erasure_task_state", "analytics_erasure_task", ["state", "retry_at"]
    )
