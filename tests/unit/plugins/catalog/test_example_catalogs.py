"""The portal on descriptors that nobody of this project wrote, and on its own demo."""

from collections import Counter
from pathlib import Path

import pytest

from backstage_py.plugins.catalog.api import CatalogService
from tests.unit.plugins.catalog.conftest import REPOSITORY, load_catalog


def count_kinds(catalog: CatalogService) -> dict[str, int]:
    return dict(Counter(entity.kind for entity in catalog.list_entities(limit=None).items))


def list_dangling(catalog: CatalogService) -> list[str]:
    return [
        f"{entity.entity_ref} {related.relation_type} {related.ref}"
        for entity in catalog.list_entities(limit=None).items
        for related in catalog.list_related(entity)
        if not related.exists
    ]


def test_the_example_catalog_has_62_entities_and_152_relations(shared_data: Path) -> None:
    catalog = load_catalog(shared_data / "catalog", "all.yaml", "acme-corp.yaml")

    entities = catalog.list_entities(limit=None).items
    relations = Counter(relation.type for entity in entities for relation in entity.relations)

    assert len(entities) == 62
    assert count_kinds(catalog) == {
        "User": 17,
        "Component": 13,
        "API": 9,
        "Group": 8,
        "Location": 8,
        "System": 3,
        "Domain": 3,
        "Resource": 1,
    }
    assert relations.total() == 152
    assert relations == {
        "ownedBy": 29,
        "ownerOf": 29,
        "memberOf": 17,
        "hasMember": 17,
        "partOf": 15,
        "hasPart": 15,
        "childOf": 7,
        "parentOf": 7,
        "providesApi": 5,
        "apiProvidedBy": 5,
        "consumesApi": 2,
        "apiConsumedBy": 2,
        "dependsOn": 1,
        "dependencyOf": 1,
    }
    assert list_dangling(catalog) == []


def test_apis_that_point_to_the_network_are_kept_with_an_error(shared_data: Path) -> None:
    catalog = load_catalog(shared_data / "catalog", "all.yaml", "acme-corp.yaml")

    broken = ["spotify", "wayback-archive", "wayback-search"]
    assert [error.entity_ref for error in catalog.errors()] == [
        f"api:default/{name}" for name in broken
    ]
    for name in broken:
        [item] = catalog.get_entity("api", "default", name).status
        assert (item.type, item.level) == ("backstage.io/catalog-processing", "error")
        assert f"apis/{name}-api.yaml:" in item.message
        assert "the host does not answer" in item.message


@pytest.mark.parametrize(
    ("targets", "kinds"),
    [
        (["create-app/*.yaml"], {"API": 1, "Component": 1, "Group": 1, "System": 1, "User": 1}),
        (
            ["upstream-newer/**/*.yaml"],
            {"Location": 1, "AiResource": 4, "API": 1, "Group": 1},
        ),
    ],
)
def test_other_catalogs_load_without_an_error_and_newer_kinds_are_kept(
    shared_data: Path, targets: list[str], kinds: dict[str, int]
) -> None:
    catalog = load_catalog(shared_data / "catalog-more", *targets)

    assert catalog.errors() == ()
    assert count_kinds(catalog) == kinds


def test_templates_load_except_two_of_a_format_that_backstage_dropped(shared_data: Path) -> None:
    catalog = load_catalog(shared_data / "templates", "**/template.yaml")

    assert count_kinds(catalog) == {"Template": 12}
    assert {error.file for error in catalog.errors()} == {
        "fixtures/test-nested-template/template.yaml",
        "fixtures/test-simple-template/template.yaml",
    }


def test_the_demo_catalog_is_whole() -> None:
    catalog = load_catalog(REPOSITORY, "demo/catalog/all.yaml")
    kinds = count_kinds(catalog)

    assert catalog.errors() == ()
    assert list_dangling(catalog) == []
    assert sum(kinds.values()) >= 45
    assert set(kinds) == {
        "API",
        "Component",
        "Domain",
        "Group",
        "Location",
        "Resource",
        "System",
        "Template",
        "User",
    }
    assert catalog.find_entity("user", "default", "guest") is not None


def test_the_demo_catalog_shows_every_type_of_api_and_every_lifecycle() -> None:
    catalog = load_catalog(REPOSITORY, "demo/catalog/all.yaml")

    apis, components = catalog.facets("API"), catalog.facets("Component")
    assert [each.value for each in apis.types] == ["asyncapi", "graphql", "grpc", "openapi"]
    assert [each.value for each in components.types] == ["library", "service", "website"]
    assert [each.value for each in components.lifecycles] == [
        "deprecated",
        "experimental",
        "production",
    ]
