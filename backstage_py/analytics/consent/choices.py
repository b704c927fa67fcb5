"""The choices of people with an account, which follow them to every browser."""

import logging
from collections.abc import Collection
from datetime import datetime
from pathlib import Path

from sqlalchemy import Column, Engine, String, delete, select
from sqlmodel import Field, col

from backstage_py.analytics.clock import Clock, utc_now
from backstage_py.analytics.consent.rules import Choice, parse_choice
from backstage_py.analytics.store.database import Database, table_of
from backstage_py.analytics.store.models import UtcTime
from backstage_py.analytics.store.own_tables import OwnTable

_logger = logging.getLogger(__name__)

_MIGRATIONS = Path(__file__).with_name("migrations")


class ChoiceRow(OwnTable, table=True):
    """A user's choice, and when they made it."""

    __tablename__ = "analytics_choice"  # pyright: ignore[reportAssignmentType]

    user: str = Field(sa_column=Column(String(255), primary_key=True))
    choice: str = Field(sa_column=Column(String(16), nullable=False))
    chosen_at: datetime = Field(sa_column=Column(UtcTime, nullable=False))


class Choices:
    """The choices of all users; usable from any thread.

    Every method raises `sqlalchemy.exc.SQLAlchemyError` if the database does not answer.
    """

    def __init__(self, engine: Engine, *, clock: Clock = utc_now) -> None:
        self._database = Database(engine, name="consent", migrations=_MIGRATIONS)
        self._clock = clock

    def find(self, user: str) -> Choice | None:
        """A user's choice, or None if they have not chosen."""
        query = select(col(ChoiceRow.choice)).where(col(ChoiceRow.user) == user.lower())
        with self._database.reading() as connection:
            found = connection.execute(query).scalar()
        return parse_choice(found) if found else None

    def keep(self, user: str, choice: Choice) -> None:
        """Store a user's choice in place of the previous one."""
        table = table_of(ChoiceRow)
        values = {"user": user.lower(), "choice": str(choice), "chosen_at": self._clock()}
        with self._database.writing() as connection:
            connection.execute(delete(table).where(table.c.user == user.lower()))
            connection.execute(table.insert().values(values))

    def list_declined(self, users: Collection[str]) -> frozenset[str]:
        """Those of these users who chose not to be recorded."""
        if not users:
            return frozenset()
        is_off = col(ChoiceRow.choice) == str(Choice.OFF)
        refs = sorted({user.lower() for user in users})
        query = select(col(ChoiceRow.user)).where(col(ChoiceRow.user).in_(refs), is_off)
        with self._database.reading() as connection:
            declined = set(connection.execute(query).scalars())
        return frozenset(user for user in users if user.lower() in declined)
