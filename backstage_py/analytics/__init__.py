"""Analytics for Reflex apps: contexts, captures, and where the events go.

Everything public is here. `rxconfig.py` imports this in every process of the
Reflex command line, so each name is loaded when it is first used.
"""

from backstage_py.analytics.reflex_version import require_reflex

require_reflex()

from reflex_base.utils import lazy_loader  # ruff: ignore[module-import-not-at-top-of-file]

_HOMES = {
    "backends.api": [
        "AnalyticsApi",
        "BrowserAnalyticsApi",
        "ConsoleAnalyticsApi",
        "MultipleAnalyticsApi",
        "NoOpAnalyticsApi",
    ],
    "backends.browser_tag": ["BrowserTag"],
    "backends.console": ["show_line"],
    "backends.http_api": ["Encoded", "HttpAnalyticsApi"],
    "backends.people": ["People", "get_people", "use_people"],
    "backends.policy": ["DeliveryPolicy"],
    "backends.user_identity": ["UserIdentity", "user_id_plain", "user_id_sha256"],
    "capture.context": [
        "analytics_context",
        "analytics_extension",
        "capture_on_mount",
        "routed_content",
    ],
    "capture.link": ["analytics_link"],
    "capture.recording_choice": ["RecordingChoice", "use_consent"],
    "capture.server_capture": ["current_session_id"],
    "capture.sign_in": ["capture_sign_in", "capture_sign_out"],
    "capture.tracker": ["use_analytics"],
    "clock": ["Clock", "utc_now"],
    "config.configuration": ["Config", "closest"],
    "config.loader": ["load_config"],
    "config.location": ["data_folder"],
    "config.settings": [
        "HttpAddress",
        "OneOrMore",
        "SettingsModel",
        "RequiredText",
        "ToolSettings",
    ],
    "errors": [
        "AnalyticsError",
        "CannotEraseError",
        "ConfigurationError",
        "DeliveryError",
        "InvalidEventError",
        "NotWantedError",
        "PartlyDeliveredError",
        "RejectedError",
        "RetryLaterError",
        "UnansweredError",
    ],
    "event": [
        "AnalyticsEvent",
        "RecordedEvent",
        "Scalar",
        "extension_of",
        "format_time",
        "parse_time",
    ],
    "identity.credentials": ["Credentials", "current_credentials", "using_credentials"],
    "identity.forwarded": ["TRUSTED_PEER", "TrustedProxies"],
    "identity.identity": ["GuestIdentityApi", "IdentityApi", "may_read_analytics", "use_identity"],
    "ingest.endpoint": ["ProblemError", "json_response", "require_media_type", "require_same_site"],
    "inventory.capture": ["read_inventory"],
    "inventory.declaration": ["Declaration"],
    "inventory.lint": ["write_tracking_plan"],
    "inventory.plan": ["describe_address"],
    "inventory.review": [
        "DeclarationStatus",
        "Finding",
        "FindingKind",
        "Review",
        "review_instrumentation",
    ],
    "periodic": ["Every"],
    "plugin": ["AnalyticsPlugin"],
    "retention.listeners": ["on_deletion"],
    "retention.retention": ["Retention"],
    "recorder": ["Recorder"],
    "runtime": ["Runtime", "get_recorder", "get_runtime", "own_secret"],
    "state": ["AnalyticsState"],
    "store.deletions": ["Deletion", "DeletionLog"],
    "store.deliveries": ["Backlog", "DeliveryStore", "PendingDelivery", "DeliveryState"],
    "store.engine": ["begin_writing", "open_engine"],
    "store.erasures": ["Erasure", "ErasureTask", "ErasureState"],
    "store.events": ["EventStore", "StoredEvent"],
    "store.migrate": ["migrate"],
    "store.models": ["AnalyticsEventRow", "UtcTime"],
    "store.process_lock": ["FileLock", "ProcessLock"],
    "store.sample": ["is_sample", "sample_session"],
    "store.tallies": ["Tallies", "Tally"],
    "testing": ["MockAnalyticsApi"],
}
"""Public names by module; each is imported when it is first used."""

__getattr__, __dir__, __all__ = lazy_loader.attach(__name__, submod_attrs=_HOMES)
