from pathlib import Path
from typing import Any

import pytest

from backstage_py.plugins.catalog.api import CatalogPeople, CatalogService, FacetValue
from backstage_py.plugins.catalog.errors import CatalogConfigError, EntityNotFoundError
from backstage_py.plugins.catalog.index.entity_filter import EntityFilter
from backstage_py.plugins.catalog.reader import OrderField
from tests.unit.plugins.catalog.conftest import Write

DESCRIPTORS = """\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: ticket-web
  title: Web Shop
  tags: [react, public]
  links:
    - url: https://example.com
spec: {type: website, lifecycle: production, owner: sales, system: shop}
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: booking, tags: [java, public]}
spec: {type: service, lifecycle: production, owner: 'user:Ann', system: shop}
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: archive, namespace: staging, tags: [java]}
spec: {type: service, lifecycle: deprecated, owner: 'group:default/sales'}
---
apiVersion: backstage.io/v1alpha1
kind: User
metadata: {name: Ann}
spec:
  profile: {displayName: Ann Berg}
  memberOf: [sales]
"""


@pytest.fixture
def loaded(catalog: CatalogService, write: Write) -> CatalogService:
    """A catalog of three components and a user; their group and system do not exist."""
    write("all.yaml", DESCRIPTORS)
    catalog.refresh()
    assert catalog.errors() == ()
    return catalog


@pytest.mark.parametrize(
    ("entity_filter", "names"),
    [
        (EntityFilter(), ["Ann", "archive", "booking", "ticket-web"]),
        (EntityFilter(kind="COMPONENT"), ["archive", "booking", "ticket-web"]),
        (EntityFilter(types=("service",)), ["archive", "booking"]),
        (EntityFilter(types=("Service", "website")), ["archive", "booking", "ticket-web"]),
        (EntityFilter(owners=("group:default/Sales",)), ["archive", "ticket-web"]),
        (EntityFilter(owners=("user:default/ann",)), ["booking"]),
        (EntityFilter(lifecycles=("deprecated",)), ["archive"]),
        (EntityFilter(namespaces=("staging",)), ["archive"]),
        (EntityFilter(tags=("public",)), ["booking", "ticket-web"]),
        (EntityFilter(tags=("public", "java")), ["booking"]),
        (EntityFilter(text="TICKET"), ["ticket-web"]),
        (EntityFilter(text="shop"), ["ticket-web"]),
        (EntityFilter(text="berg"), ["Ann"]),
        (EntityFilter(text="java"), ["archive", "booking"]),
        (EntityFilter(text="jav"), []),
        (EntityFilter(text="book java"), ["booking"]),
        (EntityFilter(kind="component", text="ann"), []),
    ],
)
def test_a_filter_lets_through_what_it_names(
    loaded: CatalogService, entity_filter: EntityFilter, names: list[str]
) -> None:
    page = loaded.list_entities(entity_filter)

    assert [entity.name for entity in page.items] == names
    assert page.total == len(names)


@pytest.mark.parametrize(
    ("order", "names"),
    [
        ("title", ["archive", "booking", "ticket-web"]),
        ("type", ["booking", "archive", "ticket-web"]),
        ("lifecycle", ["archive", "booking", "ticket-web"]),
        ("owner", ["ticket-web", "archive", "booking"]),
    ],
)
def test_a_list_is_ordered_by_a_column_and_then_by_the_reference(
    loaded: CatalogService, order: OrderField, names: list[str]
) -> None:
    components = EntityFilter(kind="component")

    forwards = loaded.list_entities(components, order=order).items
    backwards = loaded.list_entities(components, order=order, descending=True).items

    assert [entity.name for entity in forwards] == names
    assert [entity.name for entity in backwards] == names[::-1]


def test_what_has_no_value_comes_last_in_either_order(loaded: CatalogService) -> None:
    components = EntityFilter(kind="component")

    for descending in (False, True):
        page = loaded.list_entities(components, order="system", descending=descending)
        assert page.items[-1].name == "archive"


def test_a_page_is_a_part_and_knows_the_whole(loaded: CatalogService) -> None:
    page = loaded.list_entities(offset=1, limit=2)

    assert ([entity.name for entity in page.items], page.total) == (["archive", "booking"], 4)


def test_an_entity_is_found_in_whatever_case(loaded: CatalogService) -> None:
    assert loaded.find_entity("USER", "default", "ann") is loaded.get_entity(
        "user", "Default", "ANN"
    )


def test_an_entity_that_is_not_there_is_none_or_an_error(loaded: CatalogService) -> None:
    assert loaded.find_entity("user", "default", "nobody") is None
    with pytest.raises(EntityNotFoundError, match="user:default/nobody is not in the catalog"):
        loaded.get_entity("User", "default", "nobody")


def test_relations_know_whether_their_target_exists(loaded: CatalogService) -> None:
    booking = loaded.get_entity("component", "default", "booking")

    related = loaded.list_related(booking)

    assert [(each.relation_type, each.title, each.exists) for each in related] == [
        ("ownedBy", "Ann Berg", True),
        ("partOf", "system:shop", False),
    ]
    assert related[0].ref.name == "Ann"
    assert loaded.list_related(booking, "partOf") == related[1:]


def test_facets_count_what_there_is_to_filter_by(loaded: CatalogService) -> None:
    facets = loaded.facets("component")

    assert facets.kinds == (FacetValue("Component", 3), FacetValue("User", 1))
    assert facets.types == (FacetValue("service", 2), FacetValue("website", 1))
    assert facets.owners == (
        FacetValue("group:default/sales", 2),
        FacetValue("user:default/ann", 1),
    )
    assert facets.lifecycles == (FacetValue("deprecated", 1), FacetValue("production", 2))
    assert facets.namespaces == (FacetValue("default", 2), FacetValue("staging", 1))
    assert facets.tags == (
        FacetValue("java", 2),
        FacetValue("public", 2),
        FacetValue("react", 1),
    )


def test_the_wire_form_is_that_of_backstage(loaded: CatalogService) -> None:
    wire = loaded.get_entity("component", "default", "ticket-web").to_wire()

    assert list(wire) == ["apiVersion", "kind", "metadata", "spec", "relations"]
    assert wire["metadata"]["namespace"] == "default"
    assert wire["relations"] == [
        {"type": "ownedBy", "targetRef": "group:default/sales"},
        {"type": "partOf", "targetRef": "system:default/shop"},
    ]


def test_an_untitled_link_goes_under_its_address(loaded: CatalogService) -> None:
    [link] = loaded.get_entity("component", "default", "ticket-web").links

    assert (link.url, link.title, link.icon) == ("https://example.com", "https://example.com", "")


def test_a_page_that_was_read_does_not_change_with_the_next_refresh(
    loaded: CatalogService, write: Write
) -> None:
    before = loaded.list_entities()

    write("all.yaml", DESCRIPTORS.replace("name: booking", "name: bookings"))
    loaded.refresh()

    assert "booking" in {entity.name for entity in before.items}
    assert "bookings" in {entity.name for entity in loaded.list_entities().items}


@pytest.mark.parametrize(
    ("location", "path"),
    [
        ({"target": "all.yaml"}, "catalog.locations[1].type"),
        ({"type": "file"}, "catalog.locations[1].target"),
        ("all.yaml", "catalog.locations[1]"),
        ({"type": "file", "target": 1}, "catalog.locations[1].target"),
    ],
)
def test_a_wrong_location_in_the_configuration_names_its_key(
    tmp_path: Path, location: Any, path: str
) -> None:
    good = {"type": "file", "target": "all.yaml"}

    with pytest.raises(CatalogConfigError) as raised:
        CatalogService.from_config([good, location], base_dir=tmp_path)

    assert raised.value.path == path


def test_analytics_tools_can_ask_for_a_users_address_and_groups(
    catalog: CatalogService, write: Write
) -> None:
    write(
        "all.yaml",
        """\
apiVersion: backstage.io/v1alpha1
kind: User
metadata: {name: Ann}
spec: {profile: {email: ann@example.com}, memberOf: [sales, gone]}
---
apiVersion: backstage.io/v1alpha1
kind: User
metadata: {name: bob}
spec: {memberOf: []}
---
apiVersion: backstage.io/v1alpha1
kind: Group
metadata: {name: sales}
spec: {type: team, children: []}
""",
    )
    catalog.refresh()
    people = CatalogPeople(catalog)

    assert people.email_of("user:default/Ann") == "ann@example.com"
    assert [group["metadata"]["name"] for group in people.groups_of("user:default/ann")] == [
        "sales"
    ]
    for unknown in ("user:default/bob", "user:default/nobody", "31f906fbfce2eb70"):
        assert people.email_of(unknown) is None
        assert people.groups_of(unknown) == []


def test_entities_of_parent_groups_count_as_owned_too(
    catalog: CatalogService, write: Write
) -> None:
    texts = [_entity("User", "ann", "memberOf: [sales, gone]")]
    for name, parent in {"sales": "commerce", "commerce": "company", "company": "sales"}.items():
        texts.append(_entity("Group", name, f"type: team, children: [], parent: {parent}"))
    write("all.yaml", "---\n".join(texts))
    catalog.refresh()

    refs = catalog.list_owner_refs("user:default/Ann")

    assert refs[0] == "user:default/ann"
    assert sorted(refs[1:]) == [
        f"group:default/{name}" for name in ("commerce", "company", "gone", "sales")
    ]
    assert catalog.list_owner_refs("") == ()


def _entity(kind: str, name: str, spec: str) -> str:
    head = f"apiVersion: backstage.io/v1alpha1\nkind: {kind}\nmetadata: {{name: {name}}}\n"
    return f"{head}spec: {{{spec}}}\n"
