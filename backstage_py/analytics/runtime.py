"""The running parts of this process: built from the configuration, started, closed, installed.

Browsers reach them by HTTP routes, Python event handlers by a Reflex middleware.
"""

import asyncio
import contextlib
import functools
import os
import threading
from collections.abc import AsyncGenerator, Generator, Sequence
from typing import TYPE_CHECKING, Any

from anyio import to_thread
from reflex_base.config import get_config
from reflex_base.environment import environment
from starlette.types import ASGIApp

from backstage_py.analytics.backends.api import AnalyticsApi
from backstage_py.analytics.backends.registry import SECTION, read_backends
from backstage_py.analytics.capture.dialect import dialect_from_config
from backstage_py.analytics.capture.handler_errors import HandlerErrors
from backstage_py.analytics.capture.server_capture import ServerCapture
from backstage_py.analytics.clock import utc_now
from backstage_py.analytics.compile.destinations import IDENTITY_PATH
from backstage_py.analytics.compile.typed_address import TypedAddress
from backstage_py.analytics.config.configuration import Config
from backstage_py.analytics.config.loader import load_config
from backstage_py.analytics.config.location import data_folder
from backstage_py.analytics.consent.choice_in_pages import ToldPages
from backstage_py.analytics.consent.choices import Choices
from backstage_py.analytics.consent.consent import Consent
from backstage_py.analytics.consent.endpoint import CHOICE_PATH, ChoiceEndpoint
from backstage_py.analytics.consent.rules import PrivacySettings
from backstage_py.analytics.delivery.delivery import Delivery
from backstage_py.analytics.event import RecordedEvent
from backstage_py.analytics.identity.capture_key import CaptureKeys, KeyedResponses
from backstage_py.analytics.identity.endpoint import IdentityEndpoint
from backstage_py.analytics.identity.identity import (
    IdentityApi,
    accepted_secrets,
    identity_from_config,
    session_secret,
)
from backstage_py.analytics.identity.origin import Origins
from backstage_py.analytics.identity.permissions import permissions_from_config
from backstage_py.analytics.ingest import Ingest
from backstage_py.analytics.ingest.addresses import Addresses, AddressSettings
from backstage_py.analytics.ingest.endpoint import EventsEndpoint
from backstage_py.analytics.ingest.queue_figures import QueueFigures
from backstage_py.analytics.ingest.rate_limit import IngestSettings, RateLimit
from backstage_py.analytics.ingest.robots import Robots
from backstage_py.analytics.ingest.spool import Spool
from backstage_py.analytics.metrics.endpoint import MetricsEndpoint, MetricsSettings
from backstage_py.analytics.metrics.health_endpoints import HealthEndpoints
from backstage_py.analytics.metrics.metrics import Metrics
from backstage_py.analytics.metrics.readiness import ReadinessProbe
from backstage_py.analytics.recorder import Recorder
from backstage_py.analytics.retention.keeper import Keeper
from backstage_py.analytics.retention.people_records import PeopleRecords
from backstage_py.analytics.retention.retention import Retention
from backstage_py.analytics.store import EventStore
from backstage_py.analytics.store.deliveries import DeliveryStore
from backstage_py.analytics.store.engine import open_engine
from backstage_py.analytics.store.erasures import Erasure, ErasureStore
from backstage_py.analytics.store.migrate import migrate_patiently
from backstage_py.analytics.store.signals import Signals
from backstage_py.analytics.store.tallies import Tallies

if TYPE_CHECKING:
    from reflex.app import App

REFRESH_SECONDS = 1.0
"""The maximum age of another process's gauges in `/metrics`."""
EVENTS_STORED = "events"
DELIVERIES_CHANGED = "deliveries"
"""The topics of our signals."""
CLOSE_SECONDS = 10.0
"""How long a stopping process stores and delivers waiting events."""


class Runtime:
    """What runs in a process that records: the store, ingest, delivery and retention.

    Args:
        config: The whole configuration.
        store: The event store, not necessarily migrated yet.
    """

    def __init__(self, config: Config, store: EventStore) -> None:
        self.config = config
        self.store = store
        self.metrics = Metrics()
        self.tallies = Tallies(store.engine)
        self.base_url = config.get_optional_string("app.baseUrl")
        self.origins = Origins.from_config(
            config, any_port=not _serves_pages(), rxconfig=_origins_of_rxconfig()
        )
        self.dialect = dialect_from_config(config)
        self.backends = read_backends(config, store.users_of_sessions)
        self.retention = Retention.from_config(config.section(f"{SECTION}.retention"))
        self.identity: IdentityApi = identity_from_config(config)
        self.addresses = Addresses(
            AddressSettings.from_config(config.section(f"{SECTION}.addresses"))
        )
        self.capture_keys = CaptureKeys(self.identity, own_secret, own_accepted_secrets)
        privacy = PrivacySettings.from_config(config.section(f"{SECTION}.privacy"))
        self.consent = Consent(privacy, self.identity, Choices(store.engine))
        self._robots = Robots.from_config(config.section(f"{SECTION}.robots"))
        ingest = IngestSettings.from_config(config.section(f"{SECTION}.ingest"))
        self._rate_limit = RateLimit(ingest.events_per_second, ingest.events_at_once)
        self._metrics = MetricsSettings.from_config(config.section(f"{SECTION}.metrics"))
        self._delivered = [backend for backend in self.backends if backend.api.is_delivered]
        self.signals = Signals(store.engine)
        self._delivery = Delivery(
            self._delivered,
            store,
            metrics=self.metrics,
            on_work=lambda: self.signals.send(DELIVERIES_CHANGED),
        )
        self._keeper = Keeper(store.engine, self.retention, self._delivered, metrics=self.metrics)
        spool = Spool(data_folder() / "spool")
        self.people_records = PeopleRecords(
            store.engine, own_secret, own_accepted_secrets, spool=spool
        )
        self._ingest = Ingest(
            store,
            spool=spool,
            on_stored=self._tell_stored,
            metrics=self.metrics,
            tallies=self.tallies,
            list_declined=self.consent.list_declined,
            addresses=self.addresses,
        )
        QueueFigures(self._ingest, self.metrics)
        self.recorder = Recorder(
            self._ingest,
            identity=self.identity,
            permissions=permissions_from_config(config),
            consent=self.consent,
            robots=self._robots,
            dialect=self.dialect,
            capture_keys=self.capture_keys,
            start=self.start,
        )
        self._starting = threading.Lock()
        self._is_started = False

    @property
    def deliveries(self) -> DeliveryStore:
        """The state of deliveries: what backends received, and what they are still owed."""
        return self._delivery.deliveries

    @property
    def backend_names(self) -> frozenset[str]:
        """The configured backends that the server delivers to."""
        return self._delivery.backend_names

    @property
    def erasures(self) -> ErasureStore:
        """The erasures of people, and how far each backend is with them."""
        return self.people_records.erasures

    def start(self) -> None:
        """Open the store, and begin to write and to deliver; in the process that serves."""
        with self._starting:
            if self._is_started:
                return
            migrate_patiently(self.store.engine)
            self._ingest.start()
            self._delivery.start()
            self._keeper.start()
            self.signals.start()
            self._is_started = True

    def close(self) -> None:
        """Store what waits and deliver what is owed, within a time limit; the rest is kept."""
        self._keeper.close(0)
        self._ingest.close(CLOSE_SECONDS / 2)
        self._delivery.close(CLOSE_SECONDS / 2)
        self.signals.close()

    def _tell_stored(self, events: Sequence[RecordedEvent]) -> None:
        self._delivery.stored(events)
        if events:
            self.signals.send(EVENTS_STORED)

    def erase_user(self, user: str) -> Erasure:
        """Erase a user from the record and from each backend; returns their progress.

        A backend that fails now is asked again until it succeeds.

        Raises:
            AnalyticsError: If it is not the entity ref of a user.
            sqlalchemy.exc.SQLAlchemyError: If the database refuses.
        """
        now = utc_now()
        erasure = self.people_records.erase(user, self._delivered, now)
        self.metrics.erased.inc(erasure.events)
        self._keeper.pass_on(now)
        return self.erasures.get(erasure.id)

    @contextlib.contextmanager
    def using(self, *backends: AnalyticsApi) -> Generator[None]:
        """Replace the backends during a test."""
        self.start()
        with self._delivery.using(*backends):
            yield

    def use_app_version(self, version: str | None) -> None:
        """Set the app version of the server's own events."""
        self._ingest.app_version = version

    def endpoint(self) -> EventsEndpoint:
        """Serves `/api/events`."""
        return EventsEndpoint(
            ingest=self._ingest,
            store=self.store,
            identity=self.identity,
            has_consent=self.consent.is_given,
            may_read=self.recorder.may_read,
            rate_limit=self._rate_limit,
            robots=self._robots,
            origins=self.origins,
            capture_keys=self.capture_keys,
        )

    def identity_endpoint(self) -> IdentityEndpoint:
        """Serves the user's ids to the tools' tags."""
        return IdentityEndpoint(
            self.identity,
            self.backends,
            is_recorded=self.consent.is_recorded,
            origins=self.origins,
        )

    def choice_endpoint(self) -> ChoiceEndpoint:
        """Serves a person's choice to be recorded or not."""
        return ChoiceEndpoint(self.consent, origins=self.origins)

    def health_endpoints(self) -> HealthEndpoints:
        """Serves `/livez` and `/readyz`."""
        probe = ReadinessProbe(self.store.engine, self._ingest, data_folder())
        return HealthEndpoints(probe, self._ingest)

    def metrics_endpoint(self) -> MetricsEndpoint:
        """Serves `/metrics`."""
        return MetricsEndpoint(self.metrics, self._metrics)


def _origins_of_rxconfig() -> list[str]:
    """The addresses in the app's Reflex configuration."""
    config = get_config()
    return [*filter(None, [config.deploy_url]), *config.cors_allowed_origins]


def _serves_pages() -> bool:
    """Whether the backend's port also serves the pages, as with `--single-port`."""
    return environment.REFLEX_MOUNT_FRONTEND_COMPILED_APP.get()


def own_secret() -> str:
    """The secret of this portal, made when it is first needed."""
    return session_secret(data_folder(), os.environ)


def own_accepted_secrets() -> tuple[str, ...]:
    """Further secrets of this portal that count, while its secret is changed."""
    return accepted_secrets(os.environ)


@functools.cache
def get_runtime() -> Runtime:
    """The running parts of this process, built when they are first asked for.

    Raises:
        ConfigurationError: If `app-config.yaml` is wrong.
    """
    return Runtime(load_config(), EventStore(open_engine()))


def get_signals() -> Signals:
    """The signals between the processes of this portal.

    Raises:
        ConfigurationError: If `app-config.yaml` is wrong.
    """
    return get_runtime().signals


def get_recorder() -> Recorder:
    """The recorder of this process.

    Raises:
        ConfigurationError: If `app-config.yaml` is wrong.
    """
    return get_runtime().recorder


def install(
    app: "App",
    endpoint: str,
    metrics_endpoint: str | None,
    *,
    health_endpoints: bool,
    app_version: str | None = None,
    errors: bool = False,
) -> None:
    """Open the recorder to the browser and to event handlers of a Reflex app.

    All addresses are below Reflex's `backend_path`, like those of Reflex itself.
    """
    runtime, config = get_runtime(), get_config()
    runtime.use_app_version(app_version)
    endpoint = config.prepend_backend_path(endpoint)
    api = app._api
    assert api is not None
    api.routes.append(runtime.endpoint().route(endpoint))
    api.routes.append(runtime.identity_endpoint().route(f"{endpoint}{IDENTITY_PATH}"))
    api.routes.append(runtime.choice_endpoint().route(f"{endpoint}{CHOICE_PATH}"))
    if metrics_endpoint is not None:
        api.routes.append(
            runtime.metrics_endpoint().route(config.prepend_backend_path(metrics_endpoint))
        )
    if health_endpoints:
        api.routes.extend(runtime.health_endpoints().routes(config.prepend_backend_path))
    capture = ServerCapture(runtime.recorder)
    app.add_middleware(capture)
    if errors:
        watch = HandlerErrors(capture.find_tracker).watch
        app.backend_exception_handler = watch(app.backend_exception_handler)
    app.register_lifespan_task(_running(runtime))
    app.api_transformer = [
        *_transformers(app),
        _serve_typed_addresses(app),
        _tell_pages(runtime, endpoint),
    ]


def _running(runtime: Runtime) -> Any:
    @contextlib.asynccontextmanager
    async def run_analytics() -> AsyncGenerator[None]:
        await to_thread.run_sync(runtime.start)
        refreshing = asyncio.create_task(_refresh(runtime.metrics))
        try:
            yield
        finally:
            refreshing.cancel()
            await to_thread.run_sync(runtime.close)

    return run_analytics


async def _refresh(metrics: Metrics) -> None:
    """Keep this process's gauges fresh, where another may be asked for the figures of all."""
    while metrics.folder is not None:
        metrics.refresh()
        await asyncio.sleep(REFRESH_SECONDS)


def _transformers(app: "App") -> list[Any]:
    given = app.api_transformer
    if given is None:
        return []
    return list(given) if isinstance(given, list | tuple) else [given]


def _tell_pages(runtime: Runtime, endpoint: str) -> Any:
    def transform(inner: ASGIApp) -> ASGIApp:
        return KeyedResponses(ToldPages(inner, runtime.consent), runtime.capture_keys, endpoint)

    return transform


def _serve_typed_addresses(app: "App") -> Any:
    def transform(inner: ASGIApp) -> ASGIApp:
        return TypedAddress(inner, app.router, get_config().frontend_path)

    return transform
