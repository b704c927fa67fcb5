"""Roles, groups, conditions, and the owner's policy (issue line 6, O2)."""

from collections.abc import Mapping

import pytest

from backstage_py.analytics import (
    ANALYTICS_EVENT_READ,
    ANALYTICS_MANAGE,
    CATALOG_ENTITY_DELETE,
    CATALOG_ENTITY_READ,
    SCAFFOLDER_TASK_CREATE,
    Config,
    ConfigurationError,
)
from backstage_py.portal.permissions import (
    Condition,
    Decision,
    Person,
    PortalPermissions,
    all_of,
    any_of,
    has_annotation,
    has_label,
    is_entity_kind,
    is_entity_owner,
    negate,
)

ANN = "user:default/ann"
BOB = "user:default/bob"
CLAIMS = {ANN: {ANN, "group:default/team", "group:default/department"}}
SHOP = {
    "kind": "Component",
    "metadata": {"annotations": {"a": "1"}, "labels": {"tier": "1"}},
    "relations": [{"type": "ownedBy", "targetRef": "group:default/team"}],
}


class OwnersDelete:
    """Lets everybody read, and owners delete."""

    def decide(self, person: Person, permission: str) -> Decision:
        if permission == CATALOG_ENTITY_DELETE:
            return is_entity_owner(person.claims)
        if permission == SCAFFOLDER_TASK_CREATE:
            raise RuntimeError("broken")
        return permission == CATALOG_ENTITY_READ


def permissions(section: object = None, analytics: object = None) -> PortalPermissions:
    config = Config({"permission": section, "app": {"analytics": analytics}})
    return PortalPermissions.from_config(
        config,
        list_claims=lambda user: CLAIMS.get(user, {user}),
        find_entity={"component:default/shop": SHOP}.get,
    )


def roles(**members: object) -> Mapping[str, object]:
    role = {"members": ["group:default/department"], "permissions": [CATALOG_ENTITY_READ]}
    return {"enabled": True, "roles": {"reader": {**role, **members}}}


def test_without_permissions_signed_in_users_may_do_all_except_analytics() -> None:
    off = permissions(analytics={"read": [ANN]})

    assert off.may(BOB, CATALOG_ENTITY_DELETE)
    assert not off.may(None, CATALOG_ENTITY_READ)
    assert not off.may(BOB, ANALYTICS_EVENT_READ)
    assert off.may(ANN, ANALYTICS_EVENT_READ)


def test_a_role_is_for_its_groups_and_those_below_them() -> None:
    mine = permissions(roles())

    assert mine.may(ANN, CATALOG_ENTITY_READ)
    assert not mine.may(ANN, CATALOG_ENTITY_DELETE)
    assert not mine.may(BOB, CATALOG_ENTITY_READ)
    assert not mine.may(None, CATALOG_ENTITY_READ)
    assert mine.list_roles(ANN) == ["reader"]


def test_stars_mean_every_user_and_every_permission_below() -> None:
    everybody = permissions(roles(members=["*"], permissions=["catalog.*"]))

    assert everybody.may(BOB, CATALOG_ENTITY_DELETE)
    assert not everybody.may(BOB, SCAFFOLDER_TASK_CREATE)
    assert not everybody.may(None, CATALOG_ENTITY_READ)
    assert permissions(roles(members=[BOB], permissions=["*"])).may(BOB, ANALYTICS_MANAGE)


def test_the_lists_of_analytics_keep_working_beside_roles() -> None:
    assert permissions(roles(), {"read": [BOB]}).may(BOB, ANALYTICS_EVENT_READ)


def test_a_policy_of_the_owners_decides_by_the_entity() -> None:
    own = permissions({"enabled": True, "policy": f"{__name__}:OwnersDelete"})

    assert own.may(ANN, CATALOG_ENTITY_DELETE, "component:default/shop")
    assert not own.may(BOB, CATALOG_ENTITY_DELETE, "component:default/shop")
    assert not own.may(ANN, CATALOG_ENTITY_DELETE, "component:default/gone")
    assert own.may(BOB, CATALOG_ENTITY_DELETE)


def test_a_policy_that_fails_refuses() -> None:
    own = permissions({"enabled": True, "policy": f"{__name__}:OwnersDelete"})
    assert not own.may(ANN, SCAFFOLDER_TASK_CREATE)


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        (is_entity_kind(["component"]), True),
        (is_entity_kind(["api"]), False),
        (has_annotation("a"), True),
        (has_annotation("a", "1"), True),
        (has_annotation("a", "2"), False),
        (has_label("tier"), True),
        (has_label("other"), False),
        (all_of(has_label("tier"), is_entity_kind(["api"])), False),
        (any_of(has_label("tier"), is_entity_kind(["api"])), True),
        (negate(has_label("tier")), False),
    ],
)
def test_conditions_are_those_of_backstage(condition: Condition, *, holds: bool) -> None:
    assert condition(SHOP) is holds


@pytest.mark.parametrize(
    ("section", "message"),
    [
        ({"enable": True}, "enable"),
        (roles(permissions=["catalog.entity.reed"]), r"Did you mean catalog\.entity\.read"),
        (roles(permissions=["nothing.*"]), "not a permission"),
        (roles(members=["ann"]), r"permission\.roles\.reader\.members.*has 'ann'"),
        (roles(member=["ann"]), "member"),
        ({"enabled": True, "policy": "no.such:Thing"}, r"permission\.policy.*no\.such"),
        ({"enabled": True, "policy": "builtins:dict"}, "isn't a policy"),
    ],
)
def test_a_wrong_section_is_one_clear_error(section: object, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        permissions(section)
