from pathlib import Path

import pytest

from backstage_py.plugins.catalog import entity_links
from backstage_py.plugins.catalog.api import (
    CatalogService,
    EntityLink,
    RegisteredLocation,
    offer_entity_link,
)
from backstage_py.plugins.catalog.details import SHOWN_RELATED, build_details
from tests.conftest import PROJECT
from tests.unit.plugins.catalog.conftest import Write, load_catalog
from tests.unit.plugins.catalog.ingestion.test_ingestion import GOOD


@pytest.fixture(scope="module")
def demo() -> CatalogService:
    location = {"type": "file", "target": "demo/catalog/all.yaml"}
    catalog = CatalogService.from_config([location], base_dir=PROJECT)
    catalog.refresh()
    return catalog


def test_every_related_entity_is_under_its_relation_and_kind(demo: CatalogService) -> None:
    entity = demo.get_entity("Component", "default", "booking-service")

    details = build_details(demo, entity)

    assert sum(len(one.rows) for one in details.related.values()) == len(entity.relations)
    assert "ownedBy group" in details.related
    assert details.missing == []


def test_the_trail_leads_from_the_outermost_whole(demo: CatalogService) -> None:
    entity = demo.get_entity("Component", "default", "booking-service")

    trail = build_details(demo, entity).trail

    assert [step.title for step in trail] == ["Customer Journey", "Sales", "Ticket Shop"]


def test_a_circle_of_parts_has_an_end(tmp_path: Path, write: Write) -> None:
    domain = "apiVersion: backstage.io/v1alpha1\nkind: Domain\nmetadata: {name: %s}\n"
    spec = "spec: {owner: team, subdomainOf: %s}\n"
    write("a.yaml", domain % "a" + spec % "b" + "---\n" + domain % "b" + spec % "a")
    catalog = load_catalog(tmp_path, "catalog/a.yaml")

    details = build_details(catalog, catalog.get_entity("domain", "default", "a"))

    assert [step.title for step in details.trail] == ["b"]


def test_dangling_relations_and_orphans_are_shown(tmp_path: Path, write: Write) -> None:
    file = write("two.yaml", f"{GOOD}---\n{GOOD.replace('good', 'other')}")
    catalog = load_catalog(tmp_path, "catalog/two.yaml")
    file.write_text(GOOD, encoding="utf-8")
    catalog.refresh()

    details = build_details(catalog, catalog.get_entity("system", "default", "other"))

    assert (details.is_orphan, details.removal) == (True, "orphan")
    assert details.missing == ["group:team"]


def test_what_came_by_a_registered_location_can_be_taken_out(demo: CatalogService) -> None:
    entity = demo.get_entity("Component", "default", "booking-service")
    location = RegisteredLocation(id="7", type="url", target="x", registered_by="user:default/ann")

    details = build_details(demo, entity, location=location, colocated=[entity])

    assert (details.removal, details.location_id) == ("location", "7")
    assert [one.title for one in details.colocated] == ["component:default/booking-service"]
    assert not build_details(demo, entity).removal


def test_the_raw_forms_are_whole(demo: CatalogService) -> None:
    details = build_details(demo, demo.get_entity("API", "default", "booking-api"))

    assert "kind: API" in details.as_yaml
    assert '"kind": "API"' in details.as_json
    assert "&id001" not in details.as_yaml


@pytest.mark.parametrize(
    ("annotation", "url"),
    [
        ("url:https://git.example.com/shop/tree/main/", "https://git.example.com/shop/tree/main/"),
        ("url:javascript:alert(1)", ""),
        ("dir:.", ""),
    ],
)
def test_the_source_is_a_web_address_or_nothing(
    tmp_path: Path, write: Write, annotation: str, url: str
) -> None:
    mark = f"  annotations: {{backstage.io/source-location: '{annotation}'}}\n"
    write("good.yaml", GOOD.replace("spec:", f"{mark}spec:"))
    catalog = load_catalog(tmp_path, "catalog/good.yaml")

    details = build_details(catalog, catalog.get_entity("system", "default", "good"))

    assert details.source_url == url


def test_a_long_list_says_how_much_it_leaves_out(tmp_path: Path, write: Write) -> None:
    component = (
        "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: c-%d}\n"
        "spec: {type: x, lifecycle: y, owner: z, system: good}\n"
    )
    count = SHOWN_RELATED + 3
    write("all.yaml", GOOD + "".join(f"---\n{component % at}" for at in range(count)))
    catalog = load_catalog(tmp_path, "catalog/all.yaml")

    details = build_details(catalog, catalog.get_entity("system", "default", "good"))

    related = details.related["hasPart component"]
    assert (len(related.rows), related.hidden) == (SHOWN_RELATED, 3)


def test_plugins_offer_links_where_they_have_them(
    demo: CatalogService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entity_links, "_offered", {})
    offer_entity_link(EntityLink("wiki", "Wiki", "book", lambda entity: f"/wiki/{entity.name}"))
    offer_entity_link(EntityLink("none", "None", "x", lambda _entity: ""))

    details = build_details(demo, demo.get_entity("Component", "default", "booking-service"))

    assert details.offered_paths == {"wiki": "/wiki/booking-service"}
