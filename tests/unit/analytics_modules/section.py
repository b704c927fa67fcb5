"""Makes the backend of a section of `app.analytics`, as the app does at its start."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from backstage_py.analytics import AnalyticsApi, RecordedEvent
from backstage_py.analytics.backends.backend import Backend
from backstage_py.analytics.backends.registry import read_backends
from backstage_py.analytics.config.configuration import Config, ConfigSource

SIGNED_IN = {"auth": {"providers": {"guest": {}}}}

_made: list[AnalyticsApi] = []


def tool(name: str, section: Any, **whole: Any) -> Backend:
    """The tool of `app.analytics.<name>` in a file app-config.yaml."""
    app = {"baseUrl": "https://portal.example.com", "analytics": {name: section}}
    values = {"app": app, **SIGNED_IN, **whole}
    config = Config(values, (ConfigSource("app-config.yaml", values),))
    (found,) = read_backends(config, lambda _sessions: {})
    _made.append(found.api)
    return found


class Configured(AnalyticsApi):
    """A configured backend in the form in which the conformance suite wants one."""

    def __init__(self, backend: Backend) -> None:
        self.api = backend.api
        self._backend = backend

    def capture_events(self, events: Sequence[RecordedEvent]) -> None:
        self._backend.capture_events(events)

    def erase_user(self, user: str) -> None:
        self._backend.erase_user(user)

    def close(self) -> None:
        self._backend.close()


def backend(name: str, section: Any, **whole: Any) -> Configured:
    """The same with its routing and identity; closed when the test ends."""
    return Configured(tool(name, section, **whole))


def close_backends() -> None:
    """Close all that were made."""
    while _made:
        _made.pop().close()


def at(moment: datetime, backend: AnalyticsApi) -> AnalyticsApi:
    """The backend, for whom it is that moment."""
    backend.api._clock = lambda: moment  # type: ignore[attr-defined]
    return backend
