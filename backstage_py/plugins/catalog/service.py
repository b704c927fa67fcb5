"""The catalog as a service, independent of pages and browsers.

The service holds one immutable snapshot. A refresh builds the next one and swaps it in atomically,
so that readers in any thread always see a whole catalog.
"""

import contextlib
import functools
import gc
import logging
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Lock
from typing import Any, Self

from sqlalchemy.exc import SQLAlchemyError

from backstage_py.analytics import Every, load_config, use_analytics
from backstage_py.plugins.catalog.errors import (
    EntityNotFoundError,
)
from backstage_py.plugins.catalog.index.search_index import SearchIndex
from backstage_py.plugins.catalog.ingestion.ingestion import (
    Ingestion,
    OrphanStrategy,
    complete,
    ingest,
)
from backstage_py.plugins.catalog.ingestion.registrations import Registrations
from backstage_py.plugins.catalog.integrations.integrations import Integrations
from backstage_py.plugins.catalog.integrations.settings import IntegrationSettings
from backstage_py.plugins.catalog.model.entity import MANAGED_BY_LOCATION, Entity
from backstage_py.plugins.catalog.providers.providers import Providers, build_providers
from backstage_py.plugins.catalog.reader import CatalogReader, Snapshot, ViewCache
from backstage_py.plugins.catalog.settings import CatalogAction, CatalogSettings
from backstage_py.plugins.catalog.sources.confined_folder import find_static_folder
from backstage_py.plugins.catalog.sources.git_tree import GitTree
from backstage_py.plugins.catalog.sources.locations import CatalogLocation
from backstage_py.plugins.catalog.sources.reading_settings import ReadingSettings
from backstage_py.plugins.catalog.sources.source_folder import SourceFolder
from backstage_py.plugins.catalog.sources.sources import Sources
from backstage_py.plugins.catalog.sources.url_fetch import UrlFetcher
from backstage_py.plugins.catalog.sources.url_tree import UrlTree
from backstage_py.plugins.catalog.stars import Stars
from backstage_py.plugins.catalog.store import CatalogStore
from backstage_py.portal.permissions import Condition
from backstage_py.storage import open_engine

_logger = logging.getLogger(__name__)


class CatalogService(CatalogReader):
    """The catalog of the portal; empty until the first `refresh`.

    With a `store` it keeps its last state across restarts, and accepts registrations and stars.
    """

    def __init__(
        self,
        locations: Sequence[CatalogLocation],
        *,
        base_dir: Path,
        open_sources: Callable[[], Sources] | None = None,
        store: CatalogStore | None = None,
        orphan_strategy: OrphanStrategy = "keep",
        interval: timedelta | None = None,
    ) -> None:
        self._locations = tuple(locations)
        self._open_sources = open_sources or source_opener(self._locations, base_dir=base_dir)
        self._store = store
        self._orphan_strategy: OrphanStrategy = orphan_strategy
        self._registered: list[CatalogLocation] = []
        self._current = Snapshot()
        self._refreshing = Lock()
        self._deleted: set[str] = set()
        self._every = Every(
            interval.total_seconds() if interval else None,
            self._refresh,
            "catalog-refresh",
            trouble="The catalog could not be refreshed",
        )
        self._views = ViewCache()
        self._is_started = store is None
        self._starting = Lock()

    @classmethod
    def from_config(
        cls, locations: Iterable[Mapping[str, Any]], *, base_dir: Path, **options: Any
    ) -> Self:
        """Read `catalog.locations`, a list of `{type, target}`; targets start at `base_dir`."""
        settings = CatalogSettings(locations=tuple(locations))
        return cls(settings.list_locations(), base_dir=base_dir, **options)

    def start(self) -> None:
        """Start with the stored state and refresh in the background; without one, read first.

        Called at the first use, so that a process that never uses the catalog, such as the one that
        compiles the app, reads nothing.
        """
        with self._starting:
            if self._is_started:
                return
            self._is_started = True
            if self._store is not None:
                self._restore(self._store)
            is_restored = bool(self._current.index.entities)
            if not is_restored:
                self._refresh()
            self._every.start(at_once=is_restored)

    def refresh(self) -> None:
        """Read every location again; broken entities keep their last good version."""
        self.start()
        self._refresh()

    def request_refresh(self) -> None:
        """Read every location again soon, in the background."""
        self._every.start(at_once=True)

    def view(self, user: str, condition: Condition | None) -> CatalogReader:
        """The catalog as a user sees it, limited by a condition on entities; None means all.

        The last views are cached for a few seconds, unless the catalog changes.
        """
        if condition is None:
            return self
        return self._views.get(user, self._snapshot, condition)

    def delete_orphan(self, entity_ref: str) -> None:
        """Delete an entity that no location names any longer.

        Raises:
            EntityNotFoundError: If there is no such orphan.
        """
        orphans = {entity.entity_ref for entity in self._snapshot.ingestion.orphans}
        if entity_ref.lower() not in orphans:
            raise EntityNotFoundError(entity_ref)
        self._deleted.add(entity_ref.lower())
        self.refresh()

    def preview(self, location: CatalogLocation) -> Ingestion:
        """Read a location without registering it."""
        return ingest([location], self._open_sources())

    def open_folder(self, entity: Entity, target: str, *, token: str = "") -> SourceFolder:
        """Open a folder that an entity names, relative to its descriptor.

        Args:
            entity: The entity whose annotation or spec names it.
            target: `dir:./docs`, `./docs`, `url:https://...` or `https://...`.
            token: For a repository at a service, in place of the configured one.

        Raises:
            CatalogError: If the target is outside of the entity's location.
        """
        described_at = entity.annotations.get(MANAGED_BY_LOCATION, "")
        return self._open_sources().open_folder(target, described_at=described_at, token=token)

    @property
    def _snapshot(self) -> Snapshot:
        self.start()
        return self._current

    def _refresh(self) -> None:
        with self._refreshing, _collection_paused():
            previous = self._without_deleted(self._current.ingestion)
            ingestion = ingest(
                self._list_locations(),
                self._open_sources(),
                previous=previous,
                orphan_strategy=self._orphan_strategy,
            )
            if ingestion is self._current.ingestion:
                return
            self._show(ingestion)
            self._deleted.clear()
            for error in set(ingestion.errors) - set(previous.errors):
                _logger.warning("Catalog: %s", error.message)
            self._save(ingestion)

    def _show(self, ingestion: Ingestion) -> None:
        index = SearchIndex(ingestion.entities)
        index.warm()
        self._current = Snapshot(ingestion, index)

    def _without_deleted(self, ingestion: Ingestion) -> Ingestion:
        if not self._deleted:
            return ingestion
        kept = tuple(one for one in ingestion.orphans if one.entity_ref not in self._deleted)
        return replace(ingestion, orphans=kept)

    def _list_locations(self) -> list[CatalogLocation]:
        try:
            registered = self._store.list_locations() if self._store else []
        except SQLAlchemyError as error:
            _logger.warning("Registered locations cannot be read: %s", error)
        else:
            self._registered = [one.to_location() for one in registered]
        return [*self._locations, *self._registered]

    def _restore(self, store: CatalogStore) -> None:
        try:
            with _collection_paused():
                self._show(complete(store.load()))
        except SQLAlchemyError as error:
            _logger.warning("The last state of the catalog cannot be read: %s", error)

    def _save(self, ingestion: Ingestion) -> None:
        try:
            if self._store is not None:
                self._store.save(ingestion)
        except SQLAlchemyError as error:
            _logger.warning("The state of the catalog cannot be saved: %s", error)


@contextlib.contextmanager
def _collection_paused() -> Generator[None]:
    """Pause the garbage collector, which would scan a large catalog again and again.

    Objects created in the meantime live as long as the catalog, and have no cycles.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def source_opener(
    locations: Sequence[CatalogLocation],
    *,
    base_dir: Path,
    reading: ReadingSettings | None = None,
    integrations: Integrations | None = None,
    providers: Providers | None = None,
) -> Callable[[], Sources]:
    """Return a function that opens the sources of a refresh; texts read by URL are cached."""
    provided = providers.trees if providers else None
    urls = UrlTree(reading or ReadingSettings(), integrations=integrations)
    roots = [base_dir / find_static_folder(one.target) for one in locations if one.type == "file"]

    def open_sources() -> Sources:
        return Sources(
            base_dir,
            urls=urls,
            git=lambda: GitTree(base_dir),
            file_roots=roots,
            provided=provided,
        )

    return open_sources


@functools.cache
def get_settings() -> CatalogSettings:
    """The section `catalog` of the configuration.

    Raises:
        ConfigurationError: If a key of it is wrong.
    """
    return CatalogSettings.read(load_config())


@functools.cache
def get_integrations() -> Integrations:
    """The services of the section `integrations` of the configuration.

    Raises:
        ConfigurationError: If a key of it is wrong.
    """
    return Integrations(IntegrationSettings.read(load_config()))


@functools.cache
def _get_store() -> CatalogStore:
    return CatalogStore(open_engine())


@functools.cache
def get_catalog() -> CatalogService:
    """The catalog of this process, configured by `app-config.yaml`; it reads at first use.

    Raises:
        ConfigurationError: If a key of `catalog` is wrong.
        CatalogConfigError: If a location is wrong.
    """
    settings, base_dir = get_settings(), Path.cwd()
    section = load_config().find_section("backend.reading")
    reading = ReadingSettings.from_config(section.as_dict() if section else {})
    integrations, fetcher = get_integrations(), UrlFetcher(reading)
    providers = build_providers(settings.providers, integrations, fetcher, base_dir)
    locations = settings.list_locations()
    interval = settings.processing_interval
    return CatalogService(
        [*locations, *providers.locations],
        base_dir=base_dir,
        open_sources=source_opener(
            locations,
            base_dir=base_dir,
            reading=reading,
            integrations=integrations,
            providers=providers,
        ),
        store=_get_store(),
        orphan_strategy=settings.orphan_strategy,
        interval=interval.span if interval else None,
    )


@functools.cache
def get_registrations() -> Registrations:
    """The registrations of this process's catalog."""
    return Registrations(get_catalog(), _get_store(), readonly=get_settings().readonly)


@functools.cache
def get_stars() -> Stars:
    """The stars of users."""
    return Stars(_get_store())


def capture(action: CatalogAction, subject: str, **attributes: str) -> None:
    """Capture one of the events beyond Backstage's, if `catalog.captureEvents` names it.

    It has the context of the component that triggered the running event handler.
    """
    if action in get_settings().capture_events:
        use_analytics().capture_event(action, subject, attributes=attributes or None)
