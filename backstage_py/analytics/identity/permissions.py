"""Permissions: what a caller may do, by Backstage's names or names in its style.

The library itself only has the lists of readers in `app-config.yaml`. An app with its own roles,
groups or policy sets its `Permissions` with `use_permissions`.
"""

from collections.abc import Collection, Mapping
from typing import Any, Protocol, Self

from backstage_py.analytics.config.configuration import Config
from backstage_py.analytics.errors import ConfigurationError

ANALYTICS_EVENT_READ = "analytics.event.read"
ANALYTICS_INSIGHTS_READ = "analytics.insights.read"
ANALYTICS_PEOPLE_READ = "analytics.people.read"
ANALYTICS_MANAGE = "analytics.manage"
CATALOG_ENTITY_READ = "catalog.entity.read"
CATALOG_ENTITY_CREATE = "catalog.entity.create"
CATALOG_ENTITY_DELETE = "catalog.entity.delete"
CATALOG_ENTITY_REFRESH = "catalog.entity.refresh"
CATALOG_ENTITY_VALIDATE = "catalog.entity.validate"
CATALOG_LOCATION_ANALYZE = "catalog.location.analyze"
CATALOG_LOCATION_CREATE = "catalog.location.create"
CATALOG_LOCATION_DELETE = "catalog.location.delete"
CATALOG_LOCATION_READ = "catalog.location.read"
SCAFFOLDER_ACTION_EXECUTE = "scaffolder.action.execute"
SCAFFOLDER_TASK_CANCEL = "scaffolder.task.cancel"
SCAFFOLDER_TASK_CREATE = "scaffolder.task.create"
SCAFFOLDER_TASK_READ = "scaffolder.task.read"
SCAFFOLDER_TEMPLATE_MANAGEMENT = "scaffolder.template.management"
SCAFFOLDER_TEMPLATE_PARAMETER_READ = "scaffolder.template.parameter.read"
SCAFFOLDER_TEMPLATE_STEP_READ = "scaffolder.template.step.read"

PERMISSIONS: Mapping[str, str] = {
    ANALYTICS_EVENT_READ: "Read recorded events, the pipeline's health and the instrumentation",
    ANALYTICS_INSIGHTS_READ: "Read Insights: its dashboards, questions and exports",
    ANALYTICS_PEOPLE_READ: "See the names of users in Insights",
    ANALYTICS_MANAGE: (
        "Add and delete sample data, retry deliveries, purge and erase, edit alerts and annotations"
    ),
    CATALOG_ENTITY_READ: "Read entities of the catalog, their documentation and definitions",
    CATALOG_ENTITY_CREATE: "Add entities by registering a location",
    CATALOG_ENTITY_DELETE: "Delete entities, and unregister what they come from",
    CATALOG_ENTITY_REFRESH: "Have the sources of the catalog read again",
    CATALOG_ENTITY_VALIDATE: "Have an entity checked without adding it",
    CATALOG_LOCATION_ANALYZE: "Preview a location, which the server reads",
    CATALOG_LOCATION_CREATE: "Register a location",
    CATALOG_LOCATION_DELETE: "Unregister a location",
    CATALOG_LOCATION_READ: "Read the registered locations",
    SCAFFOLDER_ACTION_EXECUTE: "Run the actions of templates",
    SCAFFOLDER_TASK_CANCEL: "Cancel your own tasks",
    SCAFFOLDER_TASK_CREATE: "Run a template, or run a task again",
    SCAFFOLDER_TASK_READ: "Read tasks and their logs",
    SCAFFOLDER_TEMPLATE_MANAGEMENT: "Use the template editor and dry runs",
    SCAFFOLDER_TEMPLATE_PARAMETER_READ: "Read the forms of templates",
    SCAFFOLDER_TEMPLATE_STEP_READ: "Read the actions that templates can use",
}
"""Every permission the portal knows, with what it allows."""

ANYBODY = "*"
_SECTION = "app.analytics"
_LISTS = {
    ANALYTICS_EVENT_READ: ("read",),
    ANALYTICS_INSIGHTS_READ: ("insights.read", "read"),
    ANALYTICS_PEOPLE_READ: ("insights.people",),
    ANALYTICS_MANAGE: ("manage", "read"),
}
"""For each permission of analytics, the lists of refs below `app.analytics`; the first one set
counts."""


class Permissions(Protocol):
    """Says what a user may do."""

    def may(self, user: str | None, permission: str, resource: str | None = None) -> bool:
        """Whether `user`, an entity ref or None for anonymous, has a permission.

        With `resource`, an entity ref, the answer is for that entity; without it, the answer is
        whether the user may do it with any entity.
        """
        ...


class ListedPermissions:
    """The permissions of analytics, by the lists in `app.analytics`; it grants no others."""

    def __init__(self, lists: Mapping[str, Collection[str]]) -> None:
        self._lists = {
            permission: frozenset(ref.casefold() for ref in refs)
            for permission, refs in lists.items()
        }

    @classmethod
    def from_config(cls, config: Config) -> Self:
        """The lists of `app.analytics`: `read`, `manage`, `insights.read` and `insights.people`.

        Without `manage` those that `read` names may manage, but not everybody by its `'*'`.

        Raises:
            ConfigurationError: If one isn't a list of strings.
        """
        lists = {permission: _read(config, keys) for permission, keys in _LISTS.items()}
        if config.get_optional_list(f"{_SECTION}.manage") is None:
            lists[ANALYTICS_MANAGE] = [ref for ref in lists[ANALYTICS_MANAGE] if ref != ANYBODY]
        return cls(lists)

    def may(
        self,
        user: str | None,
        permission: str,
        resource: str | None = None,  # ruff: ignore[unused-method-argument]
    ) -> bool:
        """Whether the permission's list names the user or has a `'*'`.

        `'*'` in `manage` means every signed-in user.
        """
        refs = self._lists.get(permission, frozenset())
        if ANYBODY in refs and (user is not None or permission != ANALYTICS_MANAGE):
            return True
        return user is not None and user.casefold() in refs


class CurrentPermissions:
    """Delegates to the app's current permissions, for code built before the app sets them."""

    def __init__(self, default: Permissions) -> None:
        self._default = default

    def may(self, user: str | None, permission: str, resource: str | None = None) -> bool:
        """The answer of the app's permissions."""
        current = _chosen[-1] if _chosen else self._default
        return current.may(user, permission, resource)


_chosen: list[Permissions] = []


def use_permissions(permissions: Permissions) -> None:
    """Set the `Permissions` of this process; the last call counts."""
    _chosen[:] = [permissions]


def permissions_from_config(config: Config) -> Permissions:
    """The lists of `app.analytics`; `use_permissions` overrides them.

    Raises:
        ConfigurationError: If one isn't a list of strings.
    """
    return CurrentPermissions(ListedPermissions.from_config(config))


def _read(config: Config, keys: tuple[str, ...]) -> Collection[str]:
    for key in keys:
        name = f"{_SECTION}.{key}"
        refs = _read_refs(config, name)
        if refs is None:
            continue
        for index, ref in enumerate(refs):
            _require_text(config.where(f"{name}[{index}]"), ref)
        return refs
    return ()


def _read_refs(config: Config, name: str) -> Collection[Any] | None:
    """The list at a key; in the section of Insights, it may also be a single ref."""
    try:
        return config.get_optional_list(name)
    except ConfigurationError:
        if not name.startswith(f"{_SECTION}.insights."):
            raise
        return (config.get_string(name),)


def _require_text(where: str, ref: Any) -> None:
    if not isinstance(ref, str):
        hint = "Use entity refs, as user:default/ann, or '*' for everybody"
        raise ConfigurationError(where, "is not a string", hint)
