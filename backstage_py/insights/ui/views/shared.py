"""Columns and conditions that tiles of several pages have."""

from backstage_py.insights import Condition, Operator
from backstage_py.insights.ui.tiles import Column

SHOWN_ROWS = 10


def is_(field: str, *values: str) -> Condition:
    """Make the condition that a field has one of some values."""
    return Condition(field, Operator.IS, values)


EVENTS = Column("events", "Events", "number", is_measure=True)
USERS = Column("users", "People", "number")
VIEWED = Column("views", "Views", "number", is_measure=True)
DATE = Column("date", "Time", "date")
HOURS = Column("minutesSaved", "Time saved", "hours")
MONEY = Column("money", "Value of time saved", "money")
SEARCHED = (is_("action", "search"),)
DISCOVERED = (is_("action", "discover"),)
NAVIGATED = (is_("action", "navigate"),)
CREATED = (is_("action", "create"),)
LOST = (is_("action", "not-found"),)
