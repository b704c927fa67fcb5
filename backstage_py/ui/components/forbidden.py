"""The message for people who lack a page's permission."""

from reflex_base.components.component import Component

from backstage_py.ui.components.empty_state import empty_state
from backstage_py.ui.components.link import link_button


def forbidden(permission: str, *, is_page: bool = False) -> Component:
    """Names the missing permission and whom to ask; `is_page` if it is the whole page."""
    refusal = f"You need the permission {permission}. Ask the team that runs the portal for it."
    return empty_state(
        "No permission", refusal, link_button("Go to Home", to="/"), icon="lock", is_page=is_page
    )
