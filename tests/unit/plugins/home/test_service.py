from pathlib import Path

import pytest

from backstage_py.plugins.catalog.api import CatalogService
from backstage_py.plugins.home.catalog_lists import count_kinds, list_owned
from tests.conftest import PROJECT


@pytest.fixture(scope="module")
def catalog() -> CatalogService:
    location = {"type": "file", "target": str(Path("demo/catalog/all.yaml"))}
    catalog = CatalogService.from_config([location], base_dir=PROJECT)
    catalog.refresh()
    return catalog


def test_kinds_are_counted_the_largest_first(catalog: CatalogService) -> None:
    counts = [one.count for one in count_kinds(catalog)]

    assert counts == sorted(counts, reverse=True)
    assert sum(counts) == catalog.list_entities(limit=None).total


def test_what_a_team_owns_is_shown_to_its_members(catalog: CatalogService) -> None:
    owned = list_owned(catalog, "user:default/guest")

    assert 0 < len(owned) <= 8
    for entity in owned:
        _, _, namespace, kind, name = entity.path.split("/")
        found = catalog.get_entity(kind, namespace, name)
        assert "group:default/platform-team" in found.list_targets("ownedBy")


@pytest.mark.parametrize("user", ["", "user:default/nobody"])
def test_users_who_own_nothing_see_nothing(catalog: CatalogService, user: str) -> None:
    assert list_owned(catalog, user) == []
