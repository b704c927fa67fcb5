"""The process's recorder: one ingest and one store, opened when they are first needed.

It is built from `app-config.yaml`, and opened to the browser as HTTP routes and to
Python event handlers as a middleware.
"""

import contextlib
import functools
import os
import threading
from collections.abc import AsyncGenerator, Generator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anyio import to_thread
from starlette.types import ASGIApp

from backstage_py.analytics.backends.api import AnalyticsApi
from backstage_py.analytics.backends.registry import SECTION, build_backends, read_tools
from backstage_py.analytics.capture.dialect import dialect_from_config
from backstage_py.analytics.capture.server_capture import ServerCapture
from backstage_py.analytics.clock import utc_now
from backstage_py.analytics.compile.destinations import IDENTITY_PATH
from backstage_py.analytics.compile.typed_address import TypedAddress
from backstage_py.analytics.config.configuration import Config
from backstage_py.analytics.config.loader import load_config
from backstage_py.analytics.consent.choice_in_pages import ToldPages
from backstage_py.analytics.consent.choices import Choices
from backstage_py.analytics.consent.consent import Consent
from backstage_py.analytics.consent.endpoint import CHOICE_PATH, ChoiceEndpoint
from backstage_py.analytics.consent.rules import PrivacySettings
from backstage_py.analytics.delivery.delivery import Delivery
from backstage_py.analytics.event import AnalyticsEvent
from backstage_py.analytics.identity.endpoint import IdentityEndpoint
from backstage_py.analytics.identity.identity import (
    IdentityApi,
    identity_from_config,
    is_shared,
    may_read_analytics,
    session_secret,
)
from backstage_py.analytics.ingest import Ingest
from backstage_py.analytics.ingest.endpoint import EventsEndpoint
from backstage_py.analytics.ingest.pipeline import append_each
from backstage_py.analytics.ingest.queue_figures import QueueFigures
from backstage_py.analytics.ingest.rate_limit import RateLimit
from backstage_py.analytics.ingest.robots import Robots
from backstage_py.analytics.ingest.spool import Spool
from backstage_py.analytics.metrics.endpoint import MetricsEndpoint
from backstage_py.analytics.metrics.metrics import Metrics
from backstage_py.analytics.retention.keeper import Keeper
from backstage_py.analytics.retention.people_records import PeopleRecords, require_user_ref
from backstage_py.analytics.retention.retention import Retention
from backstage_py.analytics.store import EventStore
from backstage_py.analytics.store.engine import open_engine
from backstage_py.analytics.store.erasures import Erasure
from backstage_py.analytics.store.migrate import migrate_patiently
from backstage_py.analytics.store.tallies import Tallies

if TYPE_CHECKING:
    from reflex.app import App

DATA_FOLDER = Path("data")
EVENTS_PER_SECOND = 5_000
EVENTS_AT_ONCE = 50_000
"""Of one sender: far above what a person's browser captures, far below what fills a disk."""
CLOSE_SECONDS = 10.0
"""How long a process that is asked to stop stores and delivers what waits."""


class Recorder:
    """Records events of the browser and of the server, for the user the server knows."""

    def __init__(self, config: Config, store: EventStore) -> None:
        self.config = config
        self.store = store
        self.metrics = Metrics()
        self.tallies = Tallies(store.engine)
        self.dialect = dialect_from_config(config)
        self.tools = read_tools(config)
        self._backends = build_backends(self.tools, store.users_of_sessions)
        self.delivery = Delivery(self._backends, store, metrics=self.metrics)
        self.retention = Retention.from_config(config.section(f"{SECTION}.retention"))
        self.robots = Robots.from_config(config.section(f"{SECTION}.robots"))
        self.people_records = PeopleRecords(store.engine, own_secret)
        self._keeper = Keeper(store.engine, self.retention, self._backends, metrics=self.metrics)
        self.identity: IdentityApi = identity_from_config(config, own_secret)
        privacy = PrivacySettings.from_config(config.section(f"{SECTION}.privacy"))
        self.consent = Consent(privacy, self.identity, Choices(store.engine))
        self.ingest = Ingest(
            store,
            spool=Spool(DATA_FOLDER / "spool"),
            on_stored=self.delivery.stored,
            metrics=self.metrics,
            tallies=self.tallies,
            list_declined=self.consent.list_declined,
        )
        self.metrics.watch(QueueFigures(self.ingest))
        self.base_url = config.get_optional_string("app.baseUrl")
        self._metrics_token = config.get_optional_string(f"{SECTION}.metrics.token")
        self._rate_limit = _rate_limit(config.section(f"{SECTION}.ingest"))
        self._starting = threading.Lock()
        self._is_started = False

    def start(self) -> None:
        """Open the store, and begin to write and to deliver; in the process that serves."""
        with self._starting:
            if self._is_started:
                return
            migrate_patiently(self.store.engine)
            self.ingest.start()
            self.delivery.start()
            self._keeper.start()
            self._is_started = True

    def record(self, event: AnalyticsEvent, *, session_id: str | None, user: str | None) -> None:
        """Record an event of the server; returns before it is in the store.

        Raises:
            StoreUnavailableError: If too many wait already.
        """
        self.start()
        self.ingest.record(event, session_id=session_id, user=user)

    def identify(self, headers: Mapping[str, str]) -> str | None:
        """The entity ref of the user who sent these request headers."""
        return self.identity.identify(headers)

    def is_shared(self, user: str) -> bool:
        """Whether several people are this user at once, as everybody is who enters as guest."""
        return is_shared(self.identity, user)

    def may_read(self, user: str | None) -> bool:
        """Whether the owner lets this user read analytics."""
        return may_read_analytics(self.config, user)

    def erase_user(self, user: str) -> Erasure:
        """Erase a user from the record, and let each backend do it; gives what became of it.

        A backend that does not do it now is asked again by the portal until it does. What event
        handlers of processes that have died since captured is stored before.

        Raises:
            AnalyticsError: If it is no entity ref of a user.
            sqlalchemy.exc.SQLAlchemyError: If the database does not take it.
        """
        require_user_ref(user)
        for events in Spool(DATA_FOLDER / "spool").leftovers():
            append_each(self.store, events)
        now = utc_now()
        erasure = self.people_records.erase(user, self._backends, now)
        self.metrics.erased.inc(erasure.events)
        self._keeper.pass_on(now)
        return self.people_records.erasures.get(erasure.id)

    @contextlib.contextmanager
    def using(self, *backends: AnalyticsApi) -> Generator[None]:
        """Exchange the backends for the time of a test."""
        self.start()
        with self.delivery.using(*backends):
            yield

    def endpoint(self) -> EventsEndpoint:
        """What `/api/events` is served by."""
        return EventsEndpoint(
            ingest=self.ingest,
            store=self.store,
            identity=self.identity,
            has_consent=self.consent.is_given,
            may_read=self.may_read,
            rate_limit=self._rate_limit,
            robots=self.robots,
            base_url=self.base_url,
        )

    def identity_endpoint(self) -> IdentityEndpoint:
        """What tells the tools' tags the user."""
        return IdentityEndpoint(
            self.identity,
            self.tools,
            is_recorded=self.consent.is_recorded,
            base_url=self.base_url,
        )

    def choice_endpoint(self) -> ChoiceEndpoint:
        """Where one says whether one is recorded."""
        return ChoiceEndpoint(self.consent, base_url=self.base_url)

    def metrics_endpoint(self) -> MetricsEndpoint:
        """What `/metrics` is served by."""
        return MetricsEndpoint(self.metrics, self._metrics_token)

    def close(self) -> None:
        """Store what waits and deliver what is owed, within a bound; the rest is kept."""
        self._keeper.close(0)
        self.ingest.close(CLOSE_SECONDS / 2)
        self.delivery.close(CLOSE_SECONDS / 2)


def own_secret() -> str:
    """The secret of this portal, made when it is first needed."""
    return session_secret(DATA_FOLDER, os.environ)


def _rate_limit(section: Config) -> RateLimit:
    section.reject_unknown_keys("eventsPerSecond", "eventsAtOnce")
    per_second = section.get_optional_number("eventsPerSecond") or EVENTS_PER_SECOND
    return RateLimit(per_second, section.get_optional_number("eventsAtOnce") or EVENTS_AT_ONCE)


@functools.cache
def get_recorder() -> Recorder:
    """The recorder of this process.

    Raises:
        ConfigurationError: If `app-config.yaml` is wrong.
    """
    return Recorder(load_config(), EventStore(open_engine()))


def install(app: "App", endpoint: str, metrics_endpoint: str | None) -> None:
    """Open the recorder to the browser and to event handlers of a Reflex app."""
    recorder = get_recorder()
    api = app._api
    assert api is not None
    api.routes.append(recorder.endpoint().route(endpoint))
    api.routes.append(recorder.identity_endpoint().route(f"{endpoint}{IDENTITY_PATH}"))
    api.routes.append(recorder.choice_endpoint().route(f"{endpoint}{CHOICE_PATH}"))
    if metrics_endpoint is not None:
        api.routes.append(recorder.metrics_endpoint().route(metrics_endpoint))
    app.add_middleware(ServerCapture(recorder))
    app.register_lifespan_task(_running(recorder))
    app.api_transformer = [*_transformers(app), _serve_typed_addresses(app), _tell_pages(recorder)]


def _running(recorder: Recorder) -> Any:
    @contextlib.asynccontextmanager
    async def run_recorder() -> AsyncGenerator[None]:
        await to_thread.run_sync(recorder.start)
        try:
            yield
        finally:
            await to_thread.run_sync(recorder.close)

    return run_recorder


def _transformers(app: "App") -> list[Any]:
    given = app.api_transformer
    if given is None:
        return []
    return list(given) if isinstance(given, list | tuple) else [given]


def _tell_pages(recorder: Recorder) -> Any:
    def transform(inner: ASGIApp) -> ASGIApp:
        return ToldPages(inner, recorder.consent)

    return transform


def _serve_typed_addresses(app: "App") -> Any:
    def transform(inner: ASGIApp) -> ASGIApp:
        return TypedAddress(inner, app.router)

    return transform
