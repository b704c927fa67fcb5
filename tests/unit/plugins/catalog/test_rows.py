import pytest

from backstage_py.plugins.catalog.api import CatalogService, FacetValue
from backstage_py.plugins.catalog.errors import ProcessingError
from backstage_py.plugins.catalog.rows import (
    SHOWN_OPTIONS,
    Option,
    build_kinds,
    build_picker,
    build_problem,
    build_row,
    web_address,
)
from tests.conftest import PROJECT


@pytest.fixture(scope="module")
def catalog() -> CatalogService:
    location = {"type": "file", "target": "demo/catalog/all.yaml"}
    catalog = CatalogService.from_config([location], base_dir=PROJECT)
    catalog.refresh()
    return catalog


def test_a_row_leads_to_the_page_of_its_entity(catalog: CatalogService) -> None:
    entity = catalog.get_entity("Component", "default", "booking-service")

    row = build_row(catalog, entity, starred={"component:default/booking-service"})

    assert (row.title, row.path, [owner.title for owner in row.owners], row.is_starred) == (
        "Booking Service",
        "/catalog/default/component/booking-service",
        ["Ticketing"],
        True,
    )
    assert [system.title for system in row.systems] == ["Ticket Shop"]


def test_a_subcomponent_is_not_part_of_a_system(catalog: CatalogService) -> None:
    row = build_row(catalog, catalog.get_entity("Component", "default", "fare-rules"))

    assert [system.path for system in row.systems] == ["/catalog/default/system/fares"]


def test_kinds_are_written_in_lower_case_in_an_address() -> None:
    assert build_kinds([FacetValue("API", 3)]) == [Option("api", "API", 3)]


def test_a_picker_shows_selected_values_then_frequent_ones() -> None:
    values = [FacetValue(f"tag-{at:02}", at) for at in range(1, 20)]

    picker = build_picker("tags", "Tags", values, chosen=("TAG-01",))

    assert [one.value for one in picker.options[:3]] == ["tag-01", "tag-19", "tag-18"]
    assert (picker.chosen, len(picker.options), picker.hidden) == (1, SHOWN_OPTIONS, 7)
    assert picker.has_search


def test_a_search_narrows_a_picker_but_keeps_selected_values() -> None:
    values = [FacetValue("group:default/ticketing", 4), FacetValue("user:other/ann", 1)]

    titles = {"group:default/ticketing": "Ticketing", "user:other/ann": "Ann"}
    picker = build_picker(
        "owners",
        "Owner",
        values,
        chosen=("user:other/ann",),
        text="ticket",
        name_owner=titles.__getitem__,
    )

    assert [(one.text, one.is_chosen) for one in picker.options] == [
        ("Ann", True),
        ("Ticketing", False),
    ]
    assert build_picker("owners", "Owner", values, chosen=(), text="no").options == []


def test_a_problem_leads_to_its_entity_where_it_is_known(catalog: CatalogService) -> None:
    error = ProcessingError(
        "must be", "spec.owner", '""', "a.yaml", 7, "component:default/booking-service"
    )

    known = build_problem(catalog, error)
    unknown = build_problem(catalog, ProcessingError("the file does not exist"))

    assert (known.entity.title, known.place) == ("Booking Service", "a.yaml:7")
    assert (unknown.entity.exists, unknown.entity.title, unknown.place) == (False, "none", "")


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://example.com/x", "https://example.com/x"),
        ("javascript:alert(1)", ""),
        ("//example.com", ""),
        ("", ""),
    ],
)
def test_only_web_addresses_become_links(url: str, address: str) -> None:
    assert web_address(url) == address
