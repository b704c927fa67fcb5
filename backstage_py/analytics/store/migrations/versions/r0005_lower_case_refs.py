"""Entity refs of users in lower case, as they are compared and hashed."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Write every user's ref in lower case; Python knows more letters than SQLite does."""
    connection = op.get_bind()
    user = sa.column("user", sa.Text())
    events = sa.table("analytics_event", user)
    query = sa.select(user).where(user.is_not(None)).distinct()
    for ref in connection.execute(query).scalars().all():
        if ref != ref.lower():
            connection.execute(sa.update(events).where(user == ref).values(user=ref.lower()))
