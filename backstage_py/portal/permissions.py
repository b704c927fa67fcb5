"""The permissions of the portal's users: roles in the configuration, or the owner's policy.

Source of the terms: `PermissionPolicy` and the catalog's conditions of
`@backstage/plugin-permission-node`.
"""

import difflib
import importlib
import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, Self, TypeAlias

from backstage_py.analytics import (
    PERMISSIONS,
    Config,
    ConfigurationError,
    ListedPermissions,
    current_credentials,
    use_permissions,
)

_logger = logging.getLogger(__name__)

EVERYBODY = "*"
"""As a member: every signed-in user. As a permission: every permission."""
_ANALYTICS = "analytics."

ACTION_KIND = "Action"
TASK_KIND = "Task"
Wire: TypeAlias = Mapping[str, Any]
"""An entity in the form of Backstage's catalog API: kind, metadata, spec, relations.

Tasks and actions of templates have the same form, so that conditions apply to them too: a task is
of the kind `Task` and owned by the user who started it, an action is of the kind `Action` and has
its id as its name.
"""
Condition: TypeAlias = Callable[[Wire], bool]
"""Returns whether a permission applies to an entity."""
Decision: TypeAlias = bool | Condition


@dataclass(frozen=True, slots=True)
class Person:
    """A signed-in user, as policies know them.

    Args:
        user: The entity ref.
        claims: The refs that they own entities as: their own, and those of their groups and of the
            groups above these.
        roles: The names of their roles in `permission.roles`.
    """

    user: str
    claims: Collection[str]
    roles: Sequence[str] = ()


class PermissionPolicy(Protocol):
    """Decides what a person may do; `permission.policy` names a class without arguments."""

    def decide(self, person: Person, permission: str) -> Decision:
        """True, false, or a condition on the entity in question."""
        ...


def is_entity_owner(claims: Collection[str]) -> Condition:
    """The entity is owned by one of these refs. Backstage: `IS_ENTITY_OWNER`."""

    def holds(entity: Wire) -> bool:
        return any(
            relation["type"] == "ownedBy" and relation["targetRef"] in claims
            for relation in entity.get("relations", ())
        )

    return holds


def is_entity_kind(kinds: Collection[str]) -> Condition:
    """The entity is of one of these kinds. Backstage: `IS_ENTITY_KIND`."""
    wanted = {kind.lower() for kind in kinds}
    return lambda entity: str(entity.get("kind", "")).lower() in wanted


def has_annotation(name: str, value: str | None = None) -> Condition:
    """The entity has an annotation, with this value if one is given. `HAS_ANNOTATION`."""

    def holds(entity: Wire) -> bool:
        annotations = entity.get("metadata", {}).get("annotations", {})
        return name in annotations and value in {None, annotations[name]}

    return holds


def has_label(name: str) -> Condition:
    """The entity has a label. Backstage: `HAS_LABEL`."""
    return lambda entity: name in entity.get("metadata", {}).get("labels", {})


def has_action_id(ids: Collection[str]) -> Condition:
    """It is one of these actions of templates. Backstage: `hasActionId`."""
    wanted = frozenset(ids)

    def holds(resource: Wire) -> bool:
        return resource.get("kind") == ACTION_KIND and resource["metadata"]["name"] in wanted

    return holds


def any_of(*conditions: Condition) -> Condition:
    """One of the conditions holds."""
    return lambda entity: any(condition(entity) for condition in conditions)


def all_of(*conditions: Condition) -> Condition:
    """All of the conditions hold."""
    return lambda entity: all(condition(entity) for condition in conditions)


def negate(condition: Condition) -> Condition:
    """The condition doesn't hold."""
    return lambda entity: not condition(entity)


@dataclass(frozen=True, slots=True)
class Role:
    """A role of `permission.roles`."""

    name: str
    members: frozenset[str]
    permissions: frozenset[str]

    def grants(self, permission: str) -> bool:
        """Whether it has a permission; `catalog.*` has all with that prefix."""
        return any(
            permission.startswith(one.removesuffix("*")) if one.endswith("*") else one == permission
            for one in self.permissions
        )

    def has(self, claims: Collection[str]) -> bool:
        """Whether one of the refs is a member."""
        return EVERYBODY in self.members or not self.members.isdisjoint(claims)


class RolePolicy:
    """Grants the permissions of a person's roles."""

    def __init__(self, roles: Sequence[Role]) -> None:
        self._roles = {role.name: role for role in roles}

    def decide(self, person: Person, permission: str) -> Decision:
        """Whether one of the person's roles has the permission."""
        return any(self._roles[name].grants(permission) for name in person.roles)


class SignedInPolicy:
    """Grants everything but analytics, as Backstage does where permissions are switched off."""

    def decide(
        self,
        person: Person,  # ruff: ignore[unused-method-argument]
        permission: str,
    ) -> Decision:
        """Whether the permission isn't one of analytics, which `app.analytics` lists."""
        return not permission.startswith(_ANALYTICS)


class PortalPermissions:
    """The permissions of the portal.

    Args:
        listed: The lists of `app.analytics`, which grant their permissions besides any policy.
        policy: Decides about signed-in users.
        roles: The roles of the configuration.
        list_claims: Returns the refs that a user owns entities as.
        find_entity: Finds an entity by its ref, in the form of the catalog's API.
    """

    def __init__(
        self,
        listed: ListedPermissions,
        policy: PermissionPolicy,
        roles: Sequence[Role],
        *,
        list_claims: Callable[[str], Collection[str]],
        find_entity: Callable[[str], Wire | None],
    ) -> None:
        self._listed = listed
        self._policy = policy
        self._roles = roles
        self._list_claims = list_claims
        self._find_entity = find_entity

    @classmethod
    def from_config(
        cls,
        config: Config,
        *,
        list_claims: Callable[[str], Collection[str]],
        find_entity: Callable[[str], Wire | None],
    ) -> Self:
        """Read the section `permission`.

        Raises:
            ConfigurationError: If a key, a member, a permission or the policy is wrong.
        """
        section = config.section("permission")
        section.reject_unknown_keys("enabled", "roles", "policy")
        roles = read_roles(section)
        policy: PermissionPolicy = SignedInPolicy()
        if section.get_optional_boolean("enabled"):
            name = section.get_optional_string("policy")
            policy = load_policy(section.where("policy"), name) if name else RolePolicy(roles)
        listed = ListedPermissions.from_config(config)
        return cls(listed, policy, roles, list_claims=list_claims, find_entity=find_entity)

    def may(self, user: str | None, permission: str, resource: str | None = None) -> bool:
        """Whether a user has a permission: for the entity `resource`, or for any entity."""
        decision = self.decide(user, permission)
        if isinstance(decision, bool):
            return decision
        if resource is None:
            return True
        entity = self._find_entity(resource)
        return entity is not None and decision(entity)

    def decide(self, user: str | None, permission: str) -> Decision:
        """Whether a user has a permission, or the condition on which they have it.

        An error in a policy or a condition means refusal.
        """
        if self._listed.may(user, permission):
            return True
        if user is None:
            return False
        decision = self._ask_policy(user, permission)
        return decision if isinstance(decision, bool) else _refuse_at_errors(decision, permission)

    def list_roles(self, user: str) -> list[str]:
        """The names of a user's roles."""
        claims = self._list_claims(user)
        return [role.name for role in self._roles if role.has(claims)]

    def _ask_policy(self, user: str, permission: str) -> Decision:
        claims = frozenset(ref.casefold() for ref in self._list_claims(user))
        roles = tuple(role.name for role in self._roles if role.has(claims))
        try:
            return self._policy.decide(Person(user, claims, roles), permission)
        except Exception:
            _logger.exception("The policy failed at %s, which is refused", permission)
            return False


def _refuse_at_errors(condition: Condition, permission: str) -> Condition:
    def holds(entity: Wire) -> bool:
        try:
            return bool(condition(entity))
        except Exception:
            _logger.exception("A condition failed at %s, which is refused", permission)
            return False

    return holds


_installed: list[PortalPermissions] = []


def install_permissions(permissions: PortalPermissions) -> None:
    """Set the permissions of this portal; the last call counts."""
    use_permissions(permissions)
    _installed[:] = [permissions]


def find_condition(user: str | None, permission: str) -> Condition | None:
    """The condition on entities for a user's permission; None if any entity will do.

    An API token of the running request narrows it to its scopes; for a service, only the scopes
    count. Users without the permission get a condition that never holds.
    """
    credentials = current_credentials()
    if credentials is not None and not credentials.allows(permission):
        return never
    if credentials is not None and credentials.is_service:
        return None
    if not _installed:
        return None
    decision = _installed[-1].decide(user, permission)
    if isinstance(decision, bool):
        return None if decision else never
    return decision


def list_roles(user: str) -> list[str]:
    """The names of a user's roles in this portal."""
    return _installed[-1].list_roles(user) if _installed else []


def never(_entity: Wire) -> bool:
    """A condition that no entity meets."""
    return False


def read_roles(section: Config) -> list[Role]:
    """The roles of the section `permission`.

    Raises:
        ConfigurationError: If a key, a member or a permission is wrong.
    """
    roles = section.section("roles")
    return [_read_role(name, roles.section(name)) for name in roles.keys()]  # ruff: ignore[in-dict-keys]


def load_policy(where: str, name: str) -> PermissionPolicy:
    """The policy that `package.module:Class` names.

    Raises:
        ConfigurationError: If the class doesn't exist, or can't be created.
    """
    module, _, attribute = name.partition(":")
    try:
        policy = getattr(importlib.import_module(module), attribute)()
    except Exception as error:
        hint = "Write package.module:Class, of a class without arguments that can be imported"
        raise ConfigurationError(where, f"is {name!r}: {error}", hint) from error
    if not callable(getattr(policy, "decide", None)):
        hint = "Give it decide(person, permission)"
        raise ConfigurationError(where, f"is {name!r}, which isn't a policy", hint)
    return policy


def _read_role(name: str, section: Config) -> Role:
    section.reject_unknown_keys("members", "permissions")
    members = _read_texts(section, "members")
    for member in members:
        kind, _, rest = member.partition(":")
        if member != EVERYBODY and (kind not in {"user", "group"} or not all(rest.partition("/"))):
            hint = "Use refs, as user:default/ann or group:default/platform, or '*'"
            raise ConfigurationError(section.where("members"), f"has {member!r}", hint)
    permissions = _read_texts(section, "permissions")
    for permission in permissions:
        _require_known(section.where("permissions"), permission)
    return Role(name, frozenset(members), frozenset(permissions))


def _read_texts(section: Config, key: str) -> list[str]:
    values = section.get_optional_list(key) or ()
    if not all(isinstance(value, str) for value in values):
        raise ConfigurationError(section.where(key), "isn't a list of strings", "Quote its items")
    return [value.casefold() for value in values]


def _require_known(where: str, permission: str) -> None:
    start = permission.removesuffix("*")
    is_known = permission in PERMISSIONS or (
        permission.endswith("*") and any(one.startswith(start) for one in PERMISSIONS)
    )
    if not is_known:
        near = difflib.get_close_matches(permission, PERMISSIONS, 1)
        hint = f"Did you mean {near[0]}?" if near else "Use a name of docs/permissions.md"
        raise ConfigurationError(where, f"has {permission!r}, not a permission", hint)
