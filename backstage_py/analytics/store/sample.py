"""Sample data: generated events, so that a new portal has something to show.

They are marked by their session, which every reader can tell apart, and never leave the store.
"""

_PREFIX = "sample-"


def sample_session(name: str = "") -> str:
    """The id of a made-up session; without a name, what they all begin with."""
    return f"{_PREFIX}{name}"


def is_sample(session_id: str | None) -> bool:
    """Whether a session is sample data; browsers' sessions have UUIDs."""
    return session_id is not None and session_id.startswith(_PREFIX)
