"""The event store: the record of everything captured."""

from backstage_py.analytics.store.events import EventPage, EventStore, Stored, StoredEvent
from backstage_py.analytics.store.models import AnalyticsEventRow

__all__ = ["AnalyticsEventRow", "EventPage", "EventStore", "Stored", "StoredEvent"]
