"""Permissions of users for templates, actions and tasks.

A condition of a policy is applied to the template's entity, the action, or the task, which is owned
by the user who started it.
"""

from collections.abc import Callable, Collection, Iterable

from backstage_py.analytics import SCAFFOLDER_ACTION_EXECUTE, SCAFFOLDER_TASK_READ, Refusal
from backstage_py.plugins.catalog.api import CatalogReader, Entity
from backstage_py.plugins.scaffolder.errors import NotAllowedError, TemplateNotFoundError
from backstage_py.plugins.scaffolder.templates.reader import TEMPLATE_KIND
from backstage_py.portal.permissions import ACTION_KIND, TASK_KIND, Condition, Wire

FindCondition = Callable[[str | None, str], Condition | None]
"""Returns the condition for a user's permission; None if it is unconditional."""


class Rights:
    """Answers for one user at a time.

    Args:
        see_catalog: Returns the catalog as a user may see it.
        find_condition: Returns the condition for a permission; without it users have all.
    """

    def __init__(
        self,
        see_catalog: Callable[[str], CatalogReader],
        find_condition: FindCondition = lambda _user, _permission: None,
    ) -> None:
        self._see_catalog = see_catalog
        self._find_condition = find_condition

    def see_catalog(self, user: str | None) -> CatalogReader:
        """The catalog as a user may see it."""
        return self._see_catalog(user or "")

    def get_template(self, user: str | None, ref: str, permission: str | None = None) -> Entity:
        """The entity of a template, for a user who may see it and has a permission for it.

        Raises:
            TemplateNotFoundError: If there is none that they may see.
            NotAllowedError: If they lack the permission.
        """
        entity = self.see_catalog(user).find_by_ref(ref)
        if entity is None or entity.kind.lower() != TEMPLATE_KIND:
            raise TemplateNotFoundError(ref)
        if permission is not None:
            self._require(user, permission, entity.to_wire(), ref)
        return entity

    def require_actions(self, user: str | None, ids: Iterable[str]) -> None:
        """Require that a user may run all of these actions.

        Raises:
            NotAllowedError: If they may not run one of them.
        """
        for id_ in dict.fromkeys(ids):
            action = {"kind": ACTION_KIND, "metadata": {"name": id_}}
            self._require(user, SCAFFOLDER_ACTION_EXECUTE, action, f"the action {id_}")

    def may_task(self, user: str | None, permission: str, created_by: str) -> bool:
        """Whether a user has a permission for another user's tasks."""
        condition = self._find_condition(user or None, permission)
        return condition is None or condition(_build_task(created_by))

    def choose_creators(
        self, user: str | None, list_creators: Callable[[], Collection[str]]
    ) -> list[str] | None:
        """The users whose tasks a user may read; None for everybody's."""
        condition = self._find_condition(user or None, SCAFFOLDER_TASK_READ)
        if condition is None:
            return None
        return [one for one in list_creators() if condition(_build_task(one))]

    def _require(self, user: str | None, permission: str, wire: Wire, what: str) -> None:
        condition = self._find_condition(user or None, permission)
        if condition is not None and not condition(wire):
            raise NotAllowedError(f"{what}: {Refusal(permission).message}")


def _build_task(created_by: str) -> Wire:
    owner = {"type": "ownedBy", "targetRef": created_by}
    return {"kind": TASK_KIND, "metadata": {}, "relations": [owner]}
