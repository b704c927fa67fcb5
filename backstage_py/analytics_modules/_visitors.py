"""The client id of a visitor, for tools that count clients: derived from the session."""

import hashlib

from backstage_py.analytics import RecordedEvent


def visitor_digest(event: RecordedEvent) -> bytes:
    """The same 32 bytes for all events of a session; without a session, of the event."""
    return hashlib.sha256((event.session_id or event.id).encode()).digest()


def session_number(event: RecordedEvent) -> str:
    """A number of ten digits for the session, for tools that need digits."""
    return f"{int.from_bytes(visitor_digest(event)[:8]) % 10**10:010}"
