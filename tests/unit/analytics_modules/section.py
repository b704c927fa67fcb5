"""Makes the backend of a section of `app.analytics`, as the app does at its start."""

from datetime import datetime
from typing import Any

from backstage_py.analytics import AnalyticsApi
from backstage_py.analytics.backends.registry import Tool, read_tools
from backstage_py.analytics.config.configuration import Config, ConfigSource

SIGNED_IN = {"auth": {"providers": {"guest": {}}}}

_made: list[AnalyticsApi] = []


def tool(name: str, section: Any, **whole: Any) -> Tool:
    """The tool of `app.analytics.<name>` in a file app-config.yaml."""
    app = {"baseUrl": "https://portal.example.com", "analytics": {name: section}}
    values = {"app": app, **SIGNED_IN, **whole}
    (found,) = read_tools(Config(values, (ConfigSource("app-config.yaml", values),)))
    _made.append(found.api)
    return found


def backend(name: str, section: Any, **whole: Any) -> AnalyticsApi:
    """Its backend behind routing and identity; closed when the test ends."""
    return tool(name, section, **whole).backend(lambda sessions: {}).api


def close_backends() -> None:
    """Close all that were made."""
    while _made:
        _made.pop().close()


def at(moment: datetime, backend: AnalyticsApi) -> AnalyticsApi:
    """The backend, for whom it is that moment."""
    backend.api._clock = lambda: moment  # type: ignore[attr-defined]
    return backend
