"""The index against a plain walk through all entities."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstage_py.plugins.catalog.index.entity_filter import EntityFilter
from backstage_py.plugins.catalog.index.search_index import SearchIndex, find_values
from backstage_py.plugins.catalog.model.entity import Entity, Relation, StatusItem

KINDS = ("Component", "API")
TYPES = ("service", "Website", "")
OWNERS = ("group:default/a", "group:default/b")
TAGS = ("java", "web", "x-y")

entities = st.lists(
    st.builds(
        lambda kind, type_, owners, tags, namespace, broken, orphan: Entity(
            "backstage.io/v1alpha1",
            kind,
            {
                "name": "n",
                "namespace": namespace,
                "tags": list(tags),
                "annotations": {"backstage.io/orphan": "true"} if orphan else {},
            },
            {"type": type_} if type_ else {},
            tuple(Relation("ownedBy", owner) for owner in sorted(owners)),
            (StatusItem("x", "error", "broken"),) if broken else (),
        ),
        kind=st.sampled_from(KINDS),
        type_=st.sampled_from(TYPES),
        owners=st.sets(st.sampled_from(OWNERS)),
        tags=st.sets(st.sampled_from(TAGS)),
        namespace=st.sampled_from(("default", "staging")),
        broken=st.booleans(),
        orphan=st.booleans(),
    ),
    max_size=12,
).map(lambda found: [_name(entity, f"N{at % 5}-{at}") for at, entity in enumerate(found)])

filters = st.builds(
    EntityFilter,
    kind=st.sampled_from(("", "component", "API")),
    types=st.sets(st.sampled_from(("SERVICE", "website"))).map(tuple),
    owners=st.sets(st.sampled_from(OWNERS)).map(tuple),
    namespaces=st.sets(st.sampled_from(("default", "staging"))).map(tuple),
    tags=st.sets(st.sampled_from(TAGS)).map(tuple),
    status=st.sets(st.sampled_from(("is-orphan", "has-error"))).map(tuple),
    text=st.sampled_from(("", "n1", "JAVA", "n 2", "none")),
)


def _name(entity: Entity, name: str) -> Entity:
    return replace(entity, metadata={**entity.metadata, "name": name})


def accepts(wanted: EntityFilter, entity: Entity) -> bool:
    """The filter, computed without an index."""
    words = wanted.text.lower().split()
    return (
        wanted.kind.lower() in {"", entity.kind.lower()}
        and (not wanted.types or entity.type.lower() in {one.lower() for one in wanted.types})
        and (not wanted.owners or bool(set(wanted.owners) & set(entity.list_targets("ownedBy"))))
        and (not wanted.namespaces or entity.namespace in wanted.namespaces)
        and set(wanted.tags) <= set(entity.tags)
        and ("is-orphan" not in wanted.status or bool(entity.annotations))
        and ("has-error" not in wanted.status or bool(entity.status))
        and all(word in entity.name.lower() or word in entity.tags for word in words)
    )


@given(
    found=entities,
    wanted=filters,
    descending=st.booleans(),
    offset=st.integers(0, 3),
    limit=st.integers(0, 5),
)
def test_a_page_is_what_a_walk_would_find(
    found: list[Entity], wanted: EntityFilter, offset: int, limit: int, *, descending: bool
) -> None:
    index = SearchIndex(found)

    ids = wanted.select(index)
    page = index.page(ids, order="type", descending=descending, offset=offset, limit=limit)

    expected = sorted(
        (entity for entity in found if accepts(wanted, entity)), key=lambda one: one.entity_ref
    )
    filled = [one for one in expected if one.type]
    filled.sort(key=lambda one: one.type.lower())
    if descending:
        filled.reverse()
    ordered = filled + [one for one in expected if not one.type]
    assert len(ids) == len(ordered)
    assert [one.entity_ref for one in page] == [
        one.entity_ref for one in ordered[offset : offset + limit]
    ]


@pytest.mark.parametrize(
    ("key", "values"),
    [
        ("kind", ["Component"]),
        ("apiversion", ["backstage.io/v1alpha1"]),
        ("metadata.name", ["Shop"]),
        ("metadata.namespace", ["default"]),
        ("metadata.tags", ["java", "web"]),
        ("metadata.tags.java", ["true"]),
        ("metadata.tags.php", []),
        ("metadata.annotations.backstage.io/techdocs-ref", ["dir:."]),
        ("metadata.links.url", ["https://a.example", "https://b.example"]),
        ("spec.deploy.replicas", ["3"]),
        ("spec.deploy.public", ["true"]),
        ("spec.deploy", []),
        ("spec.nothing", []),
        ("relations.ownedby", ["group:default/a"]),
        ("relations", []),
        ("metadata", []),
        ("", []),
    ],
)
def test_keys_are_those_of_backstage(key: str, values: list[str]) -> None:
    entity = Entity(
        "backstage.io/v1alpha1",
        "Component",
        {
            "name": "Shop",
            "tags": ["java", "web"],
            "annotations": {"backstage.io/techdocs-ref": "dir:."},
            "links": [{"url": "https://a.example"}, {"url": "https://b.example"}],
        },
        {"deploy": {"replicas": 3, "public": True, "none": None}},
        (Relation("ownedBy", "group:default/a"),),
    )

    assert list(find_values(entity, key)) == values
