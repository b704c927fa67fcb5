"""The process's way into the store: one ingest, made when the app starts to serve.

It is built from `app-config.yaml` and opened to the browser as HTTP routes and to
Python event handlers as a middleware.
"""

import contextlib
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import TYPE_CHECKING

from backstage_py.analytics.api import AnalyticsApi, build_backends
from backstage_py.analytics.configuration import Config, load_config
from backstage_py.analytics.event import AnalyticsEvent
from backstage_py.analytics.identity import IdentityApi, identity_from_config, may_read_analytics
from backstage_py.analytics.ingest import Ingest
from backstage_py.analytics.ingest.endpoint import routes
from backstage_py.analytics.server_capture import ServerCapture
from backstage_py.analytics.store import EventStore

if TYPE_CHECKING:
    from reflex.app import App


class Recorder:
    """Records events of the browser and of the server, for the user the server knows."""

    def __init__(self, ingest: Ingest, identity: IdentityApi) -> None:
        self.ingest = ingest
        self._identity = identity

    @classmethod
    def from_config(cls, config: Config) -> "Recorder":
        """Open the store and the backends that the configuration names."""
        return cls(Ingest(EventStore.open(), build_backends(config)), identity_from_config(config))

    def record(self, event: AnalyticsEvent, *, session_id: str | None, user: str | None) -> None:
        """Record an event of the server; returns before it is stored."""
        self.ingest.record(event, session_id=session_id, user=user)

    def identify(self, headers: Mapping[str, str]) -> str | None:
        """The entity ref of the user who sent these request headers."""
        return self._identity.identify(headers)
