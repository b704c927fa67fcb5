import pytest

from backstage_py.plugins.catalog.rows import (
    Option,
    build_details,
    build_owner_options,
    build_row,
)
from backstage_py.plugins.catalog.service import CatalogService, FacetValue
from tests.conftest import PROJECT


@pytest.fixture(scope="module")
def catalog() -> CatalogService:
    location = {"type": "file", "target": "demo/catalog/all.yaml"}
    catalog = CatalogService.from_config([location], base_dir=PROJECT)
    catalog.refresh()
    return catalog


def test_a_row_leads_to_the_page_of_its_entity(catalog: CatalogService) -> None:
    row = build_row(catalog, catalog.get_entity("Component", "default", "booking-service"))

    assert (row.title, row.path, [owner.title for owner in row.owners]) == (
        "Booking Service",
        "/catalog/default/component/booking-service",
        ["Ticketing"],
    )


def test_the_details_have_every_relation_under_its_title(catalog: CatalogService) -> None:
    entity = catalog.get_entity("Component", "default", "booking-service")

    details = build_details(catalog, entity)

    assert sum(len(relation.targets) for relation in details.relations) == len(entity.relations)
    assert {relation.title for relation in details.relations} >= {"Owned by", "Part of"}


def test_an_api_shows_its_definition_and_every_entity_its_descriptor(
    catalog: CatalogService,
) -> None:
    details = build_details(catalog, catalog.get_entity("API", "default", "booking-api"))

    assert details.definition.startswith("openapi: 3")
    assert "kind: API" in details.descriptor


def test_owners_are_offered_in_their_short_form() -> None:
    owners = [FacetValue("group:default/ticketing", 4), FacetValue("user:other/ann", 1)]

    assert build_owner_options(owners) == [
        Option("group:default/ticketing", "ticketing (4)"),
        Option("user:other/ann", "user:other/ann (1)"),
    ]
