"""The catalog's tables: registered locations, the last state of the entities, stars."""

import sqlalchemy as sa
from alembic import op

revision = "c0001"
down_revision = None


def upgrade() -> None:
    """Create them."""
    op.create_table(
        "catalog_location",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("type", sa.String(16), nullable=False),
        sa.Column("target", sa.Text, nullable=False),
        sa.Column("registered_by", sa.Text, nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("type", "target"),
    )
    op.create_table(
        "catalog_entity",
        sa.Column("entity_ref", sa.String(255), primary_key=True),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("is_orphan", sa.Boolean, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
    )
    op.create_table(
        "catalog_star",
        sa.Column("user", sa.String(255), primary_key=True),
        sa.Column("entity_ref", sa.String(255), primary_key=True),
    )
