"""The tables of tasks, their steps and their logs; times are in milliseconds since 1970."""

import sqlalchemy as sa
from alembic import op

revision = "t0001"
down_revision = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Create them."""
    op.create_table(
        "scaffolder_task",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("status", sa.String(20), nullable=False, index=True),
        sa.Column("template_ref", sa.Text, nullable=False),
        sa.Column("template_title", sa.Text, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False, index=True),
        sa.Column("created_at", sa.BigInteger, nullable=False, index=True),
        sa.Column("ended_at", sa.BigInteger),
        sa.Column("spec", sa.Text, nullable=False),
        sa.Column("secrets", sa.Text),
        sa.Column("outputs", sa.Text, nullable=False),
        sa.Column("output", sa.Text, nullable=False),
        sa.Column("error", sa.Text, nullable=False),
        sa.Column("is_cancelling", sa.Boolean, nullable=False),
        sa.Column("claim", sa.String(64)),
        sa.Column("lease_until", sa.BigInteger, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("log_characters", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "scaffolder_step",
        sa.Column("task_id", sa.String(64), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("step_id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("started_at", sa.BigInteger),
        sa.Column("ended_at", sa.BigInteger),
    )
    op.create_table(
        "scaffolder_log",
        sa.Column("id", _NUMBER, primary_key=True, autoincrement=True),
        sa.Column("task_id", sa.String(64), nullable=False, index=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("step_id", sa.Text, nullable=False),
        sa.Column("level", sa.String(20), nullable=False),
        sa.Column("message", sa.Text, nullable=False),
    )
