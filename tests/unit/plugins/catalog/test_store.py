"""State that survives the process, on each supported database."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from backstage_py.analytics import open_engine
from backstage_py.plugins.catalog.api import CatalogService
from backstage_py.plugins.catalog.errors import (
    AlreadyRegisteredError,
    EntityNotFoundError,
    LocationNotFoundError,
    ReadOnlyError,
    RegistrationError,
)
from backstage_py.plugins.catalog.ingestion.registrations import Registrations
from backstage_py.plugins.catalog.stars import Stars
from backstage_py.plugins.catalog.store import CatalogStore
from tests.unit.plugins.catalog.conftest import Network, Write, build_catalog, open_sources
from tests.unit.plugins.catalog.ingestion.test_ingestion import GOOD, build_location, list_refs

ANN = "user:default/ann"


@pytest.fixture
def down(tmp_path: Path) -> Iterator[Engine]:
    """A database that does not answer."""
    (tmp_path / "x.db").mkdir()
    engine = open_engine({"DATABASE_URL": f"sqlite:///{tmp_path / 'x.db'}"})
    yield engine
    engine.dispose()


def start(tmp_path: Path, engine: Engine, network: Network | None = None) -> CatalogService:
    """A portal's catalog after a start of the process."""
    pages = network or Network()
    catalog = CatalogService.from_config(
        [{"type": "file", "target": "catalog/*.yaml"}],
        base_dir=tmp_path,
        open_sources=lambda: open_sources(tmp_path, pages),
        store=CatalogStore(engine),
    )
    catalog.start()
    return catalog


def test_the_last_good_version_outlives_a_restart(
    tmp_path: Path, write: Write, engine: Engine
) -> None:
    file = write("good.yaml", f"{GOOD}---\n{GOOD.replace('good', 'other')}")
    assert list_refs(start(tmp_path, engine)) == ["system:default/good", "system:default/other"]

    file.write_text("a: [1", encoding="utf-8")
    again = start(tmp_path, engine)
    again.refresh()

    assert list_refs(again) == ["system:default/good", "system:default/other"]
    assert again.get_entity("system", "default", "good").status != ()


def test_what_is_shown_before_the_first_refresh_has_its_relations(
    tmp_path: Path, write: Write, engine: Engine
) -> None:
    write("good.yaml", GOOD)
    before = start(tmp_path, engine).get_entity("system", "default", "good")

    again = CatalogService.from_config([], base_dir=tmp_path, store=CatalogStore(engine))
    again._restore(CatalogStore(engine))

    assert again._current.index.by_ref["system:default/good"] == before


def test_an_orphan_outlives_a_restart_and_a_dropped_location_does_not(
    tmp_path: Path, write: Write, engine: Engine
) -> None:
    file = write("good.yaml", f"{GOOD}---\n{GOOD.replace('good', 'other')}")
    start(tmp_path, engine)
    file.write_text(GOOD, encoding="utf-8")

    again = start(tmp_path, engine)
    again.refresh()
    third = start(tmp_path, engine)

    assert third.get_entity("system", "default", "other").annotations["backstage.io/orphan"]
    nowhere = CatalogService.from_config([], base_dir=tmp_path, store=CatalogStore(engine))
    nowhere.refresh()
    assert list_refs(nowhere) == []


def test_a_registered_location_is_read_at_once_and_after_a_restart(
    tmp_path: Path, engine: Engine
) -> None:
    address = "https://git.example.com/shop/catalog-info.yaml"
    network = Network({address: GOOD})
    catalog = start(tmp_path, engine, network)
    registrations = Registrations(catalog, CatalogStore(engine))

    preview = registrations.preview("url", address)
    location = registrations.register("url", address, user=ANN)

    assert [entity.entity_ref for entity in preview.entities] == ["system:default/good"]
    assert (preview.known, preview.errors) == (frozenset(), ())
    assert list_refs(catalog) == ["system:default/good"]
    assert list_refs(start(tmp_path, engine, network)) == ["system:default/good"]
    good = catalog.get_entity("system", "default", "good")
    found = registrations.find_origin(good)
    assert found is not None
    assert (found.id, found.registered_by) == (location.id, ANN)
    assert [one.entity_ref for one in registrations.list_entities(location)] == [
        "system:default/good"
    ]
    with pytest.raises(AlreadyRegisteredError, match="is registered already"):
        registrations.register("url", address, user=ANN)


def test_what_only_an_unregistered_location_brought_is_gone(
    tmp_path: Path, write: Write, engine: Engine
) -> None:
    write("good.yaml", GOOD)
    address = "https://git.example.com/all.yaml"
    network = Network({address: f"{GOOD}---\n{GOOD.replace('good', 'other')}"})
    catalog = start(tmp_path, engine, network)
    registrations = Registrations(catalog, CatalogStore(engine))
    location = registrations.register("url", address, user=ANN)
    assert list_refs(catalog) == ["system:default/good", "system:default/other"]

    registrations.unregister(location.id)

    assert list_refs(catalog) == ["system:default/good"]
    with pytest.raises(LocationNotFoundError):
        registrations.unregister(location.id)


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("url:https://nowhere.example.com/x.yaml", "the host does not answer"),
        ("file:catalog/none.yaml", "the file does not exist"),
        ("file:secret/x.yaml", "must lie in the folder of a location of the configuration"),
        ("file:/etc/passwd", "must lie in the folder of a location of the configuration"),
        ("file:catalog/../secret/x.yaml", "must lie in the folder"),
        ("s3:bucket", "the type must be one of file, url, git"),
        ("file:catalog/empty.yaml", "it holds no entity"),
    ],
)
def test_a_location_that_brings_nothing_is_refused_with_the_reason(
    tmp_path: Path, write: Write, engine: Engine, location: str, reason: str
) -> None:
    write("empty.yaml", "# nothing\n")
    write("../secret/x.yaml", GOOD)
    registrations = Registrations(start(tmp_path, engine), CatalogStore(engine))
    type_, _, target = location.partition(":")

    with pytest.raises(RegistrationError, match=reason):
        registrations.register(type_, target, user=ANN)

    assert registrations.list() == []


def test_nobody_changes_a_catalog_that_is_read_only(
    tmp_path: Path, write: Write, engine: Engine
) -> None:
    write("good.yaml", GOOD)
    registrations = Registrations(start(tmp_path, engine), CatalogStore(engine), readonly=True)

    with pytest.raises(ReadOnlyError, match=r"catalog\.readonly"):
        registrations.register("file", "catalog/good.yaml", user=ANN)
    with pytest.raises(ReadOnlyError):
        registrations.unregister("1")
    with pytest.raises(ReadOnlyError):
        registrations.delete_orphan("system:default/good")


def test_only_an_orphan_can_be_deleted(tmp_path: Path, write: Write, engine: Engine) -> None:
    write("all.yaml", build_location("good.yaml"))
    write("deep/good.yaml", GOOD)
    registrations = Registrations(start(tmp_path, engine), CatalogStore(engine))

    with pytest.raises(EntityNotFoundError):
        registrations.delete_orphan("location:default/all")


def test_stars_are_each_users_own(engine: Engine) -> None:
    stars = Stars(CatalogStore(engine))

    for _ in range(2):
        stars.set(ANN, "Component:default/Shop", starred=True)
    stars.set("user:default/bob", "api:default/x", starred=True)
    stars.set("", "api:default/y", starred=True)

    assert stars.list_refs(ANN) == {"component:default/shop"}
    assert stars.list_refs("") == frozenset()
    for _ in range(2):
        stars.set(ANN, "component:default/shop", starred=False)
    assert stars.list_refs(ANN) == frozenset()


def test_without_a_database_there_is_a_catalog_all_the_same(
    tmp_path: Path, write: Write, down: Engine
) -> None:
    write("good.yaml", GOOD)

    catalog = start(tmp_path, down)

    assert list_refs(catalog) == ["system:default/good"]
    with pytest.raises(OperationalError):
        Stars(CatalogStore(down)).list_refs(ANN)


def test_a_database_that_goes_down_takes_no_registered_location_along(
    tmp_path: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = open_engine({"DATABASE_URL": f"sqlite:///{tmp_path / 'portal.db'}"})
    store = CatalogStore(engine)
    write("good.yaml", GOOD)
    address = "https://git.example.com/all.yaml"
    network = Network({address: GOOD.replace("good", "other")})
    catalog = build_catalog(tmp_path, "catalog/*.yaml", store=store)
    catalog._open_sources = lambda: open_sources(tmp_path, network)
    Registrations(catalog, store).register("url", address, user=ANN)

    def fail() -> None:
        raise OperationalError("select", None, Exception("down"))

    monkeypatch.setattr(store, "list_locations", fail)
    catalog.refresh()

    assert list_refs(catalog) == ["system:default/good", "system:default/other"]
    engine.dispose()
