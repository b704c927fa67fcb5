from typing import Any

import pytest

from backstage_py.plugins.catalog.model.entity import Entity, Relation
from backstage_py.plugins.catalog.model.relations import build_relations


def build_entity(kind: str, name: str, *, namespace: str = "default", **spec: Any) -> Entity:
    metadata = {"name": name, "namespace": namespace}
    return Entity("backstage.io/v1alpha1", kind, metadata, spec)


@pytest.mark.parametrize(
    ("entity", "relation", "target", "inverse"),
    [
        (build_entity("System", "a", owner="t"), "ownedBy", "group:default/t", "ownerOf"),
        (build_entity("API", "a", owner="user:Ann"), "ownedBy", "user:default/ann", "ownerOf"),
        (build_entity("Component", "a", system="s"), "partOf", "system:default/s", "hasPart"),
        (
            build_entity("Component", "a", subcomponentOf="b"),
            "partOf",
            "component:default/b",
            "hasPart",
        ),
        (
            build_entity("Component", "a", providesApis=["x"]),
            "providesApi",
            "api:default/x",
            "apiProvidedBy",
        ),
        (
            build_entity("Component", "a", consumesApis=["x"]),
            "consumesApi",
            "api:default/x",
            "apiConsumedBy",
        ),
        (
            build_entity("Resource", "a", dependsOn=["component:x"]),
            "dependsOn",
            "component:default/x",
            "dependencyOf",
        ),
        (
            build_entity("Resource", "a", dependencyOf=["component:x"]),
            "dependencyOf",
            "component:default/x",
            "dependsOn",
        ),
        (build_entity("System", "a", domain="d"), "partOf", "domain:default/d", "hasPart"),
        (build_entity("Domain", "a", subdomainOf="d"), "partOf", "domain:default/d", "hasPart"),
        (build_entity("Group", "a", parent="g"), "childOf", "group:default/g", "parentOf"),
        (build_entity("Group", "a", children=["g"]), "parentOf", "group:default/g", "childOf"),
        (build_entity("Group", "a", members=["u"]), "hasMember", "user:default/u", "memberOf"),
        (build_entity("User", "a", memberOf=["g"]), "memberOf", "group:default/g", "hasMember"),
        (
            build_entity("AiResource", "a", skills=["s"]),
            "hasPart",
            "airesource:default/s",
            "partOf",
        ),
    ],
)
def test_a_field_of_the_spec_makes_a_relation_each_way(
    entity: Entity, relation: str, target: str, inverse: str
) -> None:
    assert build_relations([entity]) == {
        entity.entity_ref: (Relation(relation, target),),
        target: (Relation(inverse, entity.entity_ref),),
    }


def test_a_reference_without_namespace_stays_in_the_namespace_of_its_entity() -> None:
    entity = build_entity("System", "a", namespace="staging", owner="t")

    assert list(build_relations([entity])) == ["system:staging/a", "group:staging/t"]


def test_a_relation_that_both_ends_declare_is_there_once() -> None:
    parent = build_entity("Group", "p", children=["c"])
    child = build_entity("Group", "c", parent="P")

    assert build_relations([parent, child]) == {
        "group:default/p": (Relation("parentOf", "group:default/c"),),
        "group:default/c": (Relation("childOf", "group:default/p"),),
    }


def test_an_unknown_kind_makes_no_relations() -> None:
    assert build_relations([build_entity("Tunnel", "a", owner="t")]) == {}
