"""Analytics for Reflex apps: contexts, captures, and where the events go.

Everything public is here. `rxconfig.py` imports this in every process of the
Reflex command line, so each name is loaded when it is first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from backstage_py.analytics.api import (
        AnalyticsApi,
        ConsoleAnalyticsApi,
        MultipleAnalyticsApi,
        NoOpAnalyticsApi,
    )
    from backstage_py.analytics.config_loader import load_config
    from backstage_py.analytics.configuration import Config
    from backstage_py.analytics.context import (
        analytics_context,
        analytics_extension,
        capture_on_mount,
        routed_content,
    )
    from backstage_py.analytics.errors import ConfigurationError
    from backstage_py.analytics.event import AnalyticsEvent, RecordedEvent
    from backstage_py.analytics.identity import GuestIdentityApi, IdentityApi
    from backstage_py.analytics.link import analytics_link
    from backstage_py.analytics.plugin import AnalyticsPlugin
    from backstage_py.analytics.recorder import Recorder, get_recorder
    from backstage_py.analytics.state import AnalyticsState
    from backstage_py.analytics.store.deliveries import Backlog, Parked, State
    from backstage_py.analytics.testing import MockAnalyticsApi
    from backstage_py.analytics.tracker import use_analytics

_HOMES = {
    "AnalyticsApi": "api",
    "AnalyticsEvent": "event",
    "AnalyticsPlugin": "plugin",
    "AnalyticsState": "state",
    "Backlog": "store.deliveries",
    "Config": "configuration",
    "ConfigurationError": "errors",
    "ConsoleAnalyticsApi": "api",
    "GuestIdentityApi": "identity",
    "IdentityApi": "identity",
    "MockAnalyticsApi": "testing",
    "MultipleAnalyticsApi": "api",
    "NoOpAnalyticsApi": "api",
    "Parked": "store.deliveries",
    "RecordedEvent": "event",
    "Recorder": "recorder",
    "State": "store.deliveries",
    "analytics_context": "context",
    "analytics_extension": "context",
    "analytics_link": "link",
    "capture_on_mount": "context",
    "get_recorder": "recorder",
    "load_config": "config_loader",
    "routed_content": "context",
    "use_analytics": "tracker",
}

__all__ = [
    "AnalyticsApi",
    "AnalyticsEvent",
    "AnalyticsPlugin",
    "AnalyticsState",
    "Backlog",
    "Config",
    "ConfigurationError",
    "ConsoleAnalyticsApi",
    "GuestIdentityApi",
    "IdentityApi",
    "MockAnalyticsApi",
    "MultipleAnalyticsApi",
    "NoOpAnalyticsApi",
    "Parked",
    "RecordedEvent",
    "Recorder",
    "State",
    "analytics_context",
    "analytics_extension",
    "analytics_link",
    "capture_on_mount",
    "get_recorder",
    "load_config",
    "routed_content",
    "use_analytics",
]


def __getattr__(name: str) -> Any:
    """Load a public name from its module.

    Raises:
        AttributeError: For any other name.
    """
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
