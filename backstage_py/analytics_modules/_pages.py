"""The address of the page that an event happened on, for tools that need it."""

import threading
from collections import OrderedDict

from backstage_py.analytics import Config, RecordedEvent
from backstage_py.analytics_modules._categories import path_of

LOCAL = "http://localhost:3000"
"""The address of an app without `app.baseUrl`."""
SESSIONS = 10_000
"""The maximum number of sessions remembered."""


def base_url_of(config: Config) -> str:
    """The address of the app, without a slash at its end."""
    return (config.whole.get_optional_string("app.baseUrl") or LOCAL).rstrip("/")


class Pages:
    """Knows the page of each session: that of its last `navigate`, in the order of delivery."""

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url.rstrip("/")
        self._subjects: OrderedDict[str, str] = OrderedDict()
        self._lock = threading.Lock()

    def address_of(self, event: RecordedEvent) -> str:
        """The full address; that of the start page if the session's page is unknown."""
        return f"{self._base_url}{self._subject_of(event)}"

    def path_of(self, event: RecordedEvent) -> str:
        """Its path, without query and hash."""
        return path_of(self._subject_of(event))

    def _subject_of(self, event: RecordedEvent) -> str:
        session = event.session_id or event.id
        with self._lock:
            if event.action != "navigate":
                return self._subjects.get(session, "/")
            subject = event.subject if event.subject.startswith("/") else f"/{event.subject}"
            self._subjects[session] = subject
            self._subjects.move_to_end(session)
            if len(self._subjects) > SESSIONS:
                self._subjects.popitem(last=False)
            return subject
