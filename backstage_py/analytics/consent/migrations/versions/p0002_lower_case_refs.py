"""Entity refs of users in lower case; of a user's choices the last one stays."""

import sqlalchemy as sa
from alembic import op

revision = "p0002"
down_revision = "p0001"


def upgrade() -> None:
    """Write every user's ref in lower case."""
    connection = op.get_bind()
    user = sa.column("user", sa.String(255))
    chosen_at = sa.column("chosen_at", sa.DateTime(timezone=True))
    choices = sa.table("analytics_choice", user, chosen_at)
    last: dict[str, str] = {}
    for ref in connection.execute(sa.select(user).order_by(chosen_at)).scalars().all():
        if earlier := last.get(ref.lower()):
            connection.execute(sa.delete(choices).where(user == earlier))
        last[ref.lower()] = ref
    for lower, ref in last.items():
        if ref != lower:
            connection.execute(sa.update(choices).where(user == ref).values(user=lower))
