"""Which version of the app an event was captured by."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the column; of earlier events the version is not known."""
    op.add_column("analytics_event", sa.Column("app_version", sa.String(64)))
