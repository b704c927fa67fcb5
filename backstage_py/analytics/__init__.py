"""Analytics for Reflex apps: contexts, captures, and where the events go.

Everything public is here. `rxconfig.py` imports this in every process of the
Reflex command line, so each name is loaded when it is first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from backstage_py.analytics.api import (
        AnalyticsApi,
        BrowserAnalyticsApi,
        ConsoleAnalyticsApi,
        MultipleAnalyticsApi,
        NoOpAnalyticsApi,
    )
    from backstage_py.analytics.browser_tag import BrowserTag
    from backstage_py.analytics.clock import Clock, utc_now
    from backstage_py.analytics.config_loader import load_config
    from backstage_py.analytics.configuration import Config
    from backstage_py.analytics.console import show
    from backstage_py.analytics.context import (
        analytics_context,
        analytics_extension,
        capture_on_mount,
        routed_content,
    )
    from backstage_py.analytics.delivery.policy import DeliveryPolicy
    from backstage_py.analytics.errors import (
        AnalyticsError,
        CannotEraseError,
        ConfigurationError,
        DeliveryError,
        InvalidEventError,
        NotWantedError,
        PartlyDeliveredError,
        RejectedError,
        RetryLaterError,
        UnansweredError,
    )
    from backstage_py.analytics.event import (
        AnalyticsEvent,
        RecordedEvent,
        Scalar,
        format_time,
        parse_time,
    )
    from backstage_py.analytics.http_api import Encoded, HttpAnalyticsApi
    from backstage_py.analytics.identity import GuestIdentityApi, IdentityApi, may_read_analytics
    from backstage_py.analytics.inventory.capture import read_inventory
    from backstage_py.analytics.inventory.declaration import Declaration
    from backstage_py.analytics.inventory.lint import write_tracking_plan
    from backstage_py.analytics.inventory.plan import describe_address
    from backstage_py.analytics.inventory.review import (
        DeclarationStatus,
        Finding,
        FindingKind,
        Review,
        review_instrumentation,
    )
    from backstage_py.analytics.keeping.listeners import on_deletion
    from backstage_py.analytics.keeping.retention import Retention
    from backstage_py.analytics.link import analytics_link
    from backstage_py.analytics.people import People, get_people, use_people
    from backstage_py.analytics.plugin import AnalyticsPlugin
    from backstage_py.analytics.recorder import Recorder, get_recorder
    from backstage_py.analytics.recording_choice import RecordingChoice, use_consent
    from backstage_py.analytics.sample import is_sample, sample_session
    from backstage_py.analytics.server_capture import current_session_id
    from backstage_py.analytics.settings import Address, OneOrMore, Settings, Text, ToolSettings
    from backstage_py.analytics.state import AnalyticsState
    from backstage_py.analytics.store.deletions import Deletion, DeletionLog
    from backstage_py.analytics.store.deliveries import Backlog, DeliveryStore, Parked, State
    from backstage_py.analytics.store.engine import begin_writing, open_engine
    from backstage_py.analytics.store.erasures import Erasure, ErasureTask, TaskState
    from backstage_py.analytics.store.events import EventStore, StoredEvent
    from backstage_py.analytics.store.migrate import migrate
    from backstage_py.analytics.store.models import AnalyticsEventRow
    from backstage_py.analytics.store.process_lock import ProcessLock
    from backstage_py.analytics.store.tallies import Tallies, Tally
    from backstage_py.analytics.testing import MockAnalyticsApi
    from backstage_py.analytics.tracker import use_analytics
    from backstage_py.analytics.user_identity import UserIdentity, plain, sha256

_HOMES = {
    "Address": "settings",
    "AnalyticsApi": "api",
    "AnalyticsError": "errors",
    "AnalyticsEvent": "event",
    "AnalyticsEventRow": "store.models",
    "AnalyticsPlugin": "plugin",
    "AnalyticsState": "state",
    "Backlog": "store.deliveries",
    "BrowserAnalyticsApi": "api",
    "BrowserTag": "browser_tag",
    "CannotEraseError": "errors",
    "Clock": "clock",
    "Config": "configuration",
    "ConfigurationError": "errors",
    "ConsoleAnalyticsApi": "api",
    "Declaration": "inventory.declaration",
    "DeclarationStatus": "inventory.review",
    "Deletion": "store.deletions",
    "DeletionLog": "store.deletions",
    "DeliveryError": "errors",
    "DeliveryPolicy": "delivery.policy",
    "DeliveryStore": "store.deliveries",
    "Encoded": "http_api",
    "Erasure": "store.erasures",
    "ErasureTask": "store.erasures",
    "EventStore": "store.events",
    "Finding": "inventory.review",
    "FindingKind": "inventory.review",
    "GuestIdentityApi": "identity",
    "HttpAnalyticsApi": "http_api",
    "IdentityApi": "identity",
    "InvalidEventError": "errors",
    "MockAnalyticsApi": "testing",
    "MultipleAnalyticsApi": "api",
    "NoOpAnalyticsApi": "api",
    "NotWantedError": "errors",
    "OneOrMore": "settings",
    "Parked": "store.deliveries",
    "PartlyDeliveredError": "errors",
    "People": "people",
    "ProcessLock": "store.process_lock",
    "RecordedEvent": "event",
    "Recorder": "recorder",
    "RecordingChoice": "recording_choice",
    "RejectedError": "errors",
    "Retention": "keeping.retention",
    "RetryLaterError": "errors",
    "Review": "inventory.review",
    "Scalar": "event",
    "Settings": "settings",
    "State": "store.deliveries",
    "StoredEvent": "store.events",
    "Tallies": "store.tallies",
    "Tally": "store.tallies",
    "TaskState": "store.erasures",
    "Text": "settings",
    "ToolSettings": "settings",
    "UnansweredError": "errors",
    "UserIdentity": "user_identity",
    "analytics_context": "context",
    "analytics_extension": "context",
    "analytics_link": "link",
    "begin_writing": "store.engine",
    "capture_on_mount": "context",
    "current_session_id": "server_capture",
    "describe_address": "inventory.plan",
    "format_time": "event",
    "get_people": "people",
    "get_recorder": "recorder",
    "is_sample": "sample",
    "load_config": "config_loader",
    "may_read_analytics": "identity",
    "migrate": "store.migrate",
    "on_deletion": "keeping.listeners",
    "open_engine": "store.engine",
    "parse_time": "event",
    "plain": "user_identity",
    "read_inventory": "inventory.capture",
    "review_instrumentation": "inventory.review",
    "routed_content": "context",
    "sample_session": "sample",
    "sha256": "user_identity",
    "show": "console",
    "use_analytics": "tracker",
    "use_consent": "recording_choice",
    "use_people": "people",
    "utc_now": "clock",
    "write_tracking_plan": "inventory.lint",
}

__all__ = [
    "Address",
    "AnalyticsApi",
    "AnalyticsError",
    "AnalyticsEvent",
    "AnalyticsEventRow",
    "AnalyticsPlugin",
    "AnalyticsState",
    "Backlog",
    "BrowserAnalyticsApi",
    "BrowserTag",
    "CannotEraseError",
    "Clock",
    "Config",
    "ConfigurationError",
    "ConsoleAnalyticsApi",
    "Declaration",
    "DeclarationStatus",
    "Deletion",
    "DeletionLog",
    "DeliveryError",
    "DeliveryPolicy",
    "DeliveryStore",
    "Encoded",
    "Erasure",
    "ErasureTask",
    "EventStore",
    "Finding",
    "FindingKind",
    "GuestIdentityApi",
    "HttpAnalyticsApi",
    "IdentityApi",
    "InvalidEventError",
    "MockAnalyticsApi",
    "MultipleAnalyticsApi",
    "NoOpAnalyticsApi",
    "NotWantedError",
    "OneOrMore",
    "Parked",
    "PartlyDeliveredError",
    "People",
    "ProcessLock",
    "RecordedEvent",
    "Recorder",
    "RecordingChoice",
    "RejectedError",
    "Retention",
    "RetryLaterError",
    "Review",
    "Scalar",
    "Settings",
    "State",
    "StoredEvent",
    "Tallies",
    "Tally",
    "TaskState",
    "Text",
    "ToolSettings",
    "UnansweredError",
    "UserIdentity",
    "analytics_context",
    "analytics_extension",
    "analytics_link",
    "begin_writing",
    "capture_on_mount",
    "current_session_id",
    "describe_address",
    "format_time",
    "get_people",
    "get_recorder",
    "is_sample",
    "load_config",
    "may_read_analytics",
    "migrate",
    "on_deletion",
    "open_engine",
    "parse_time",
    "plain",
    "read_inventory",
    "review_instrumentation",
    "routed_content",
    "sample_session",
    "sha256",
    "show",
    "use_analytics",
    "use_consent",
    "use_people",
    "utc_now",
    "write_tracking_plan",
]


def __getattr__(name: str) -> Any:
    """Load a public name from its module.

    Raises:
        AttributeError: For any other name.
    """
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
