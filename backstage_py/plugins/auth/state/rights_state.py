"""The permissions of the person in this portal."""

import reflex as rx

from backstage_py.analytics import SIGNED_IN, access
from backstage_py.plugins.auth.rows import PermissionRow, list_permissions
from backstage_py.portal.permissions import list_roles
from backstage_py.portal.session import current_user


@access(SIGNED_IN)
class RightsState(rx.State):
    """The person's roles and permissions."""

    roles: rx.Field[list[str]] = rx.field(default_factory=list)
    permissions: rx.Field[list[PermissionRow]] = rx.field(default_factory=list)
    is_loaded: rx.Field[bool] = rx.field(False)

    @rx.event
    def load(self) -> None:
        """Show the current ones."""
        user = current_user(self)
        self.roles, self.permissions = list_roles(user), list_permissions(user)
        self.is_loaded = True
