"""Tools for tests of events, in a process or in a running portal.

pytest reads the plugin beside this at every start, so each name is loaded when it is
first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from backstage_py.analytics.testing.backend_conformance import (
        BackendConformance,
        an_event,
        key_events,
        outcomes,
    )
    from backstage_py.analytics.testing.handler_run import HandlerRun, run_handler
    from backstage_py.analytics.testing.mock_analytics_api import MockAnalyticsApi, partial_match
    from backstage_py.analytics.testing.recording_server import Answer, Received, RecordingServer
    from backstage_py.analytics.testing.stored_events import StoredEvents, bare

_HOMES = {  # ruff: ignore[non-empty-init-module]
    "Answer": "recording_server",
    "BackendConformance": "backend_conformance",
    "HandlerRun": "handler_run",
    "MockAnalyticsApi": "mock_analytics_api",
    "Received": "recording_server",
    "RecordingServer": "recording_server",
    "StoredEvents": "stored_events",
    "an_event": "backend_conformance",
    "bare": "stored_events",
    "key_events": "backend_conformance",
    "outcomes": "backend_conformance",
    "partial_match": "mock_analytics_api",
    "run_handler": "handler_run",
}

__all__ = [
    "Answer",
    "BackendConformance",
    "HandlerRun",
    "MockAnalyticsApi",
    "Received",
    "RecordingServer",
    "StoredEvents",
    "an_event",
    "bare",
    "key_events",
    "outcomes",
    "partial_match",
    "run_handler",
]


def __getattr__(name: str) -> Any:
    """Load a public name from its module.

    Raises:
        AttributeError: For any other name.
    """
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
