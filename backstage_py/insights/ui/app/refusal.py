"""What people see who may not see the dashboard."""

import reflex as rx
from reflex_base.components.component import Component
from reflex_base.config import get_config

from backstage_py.insights.ui.app.token import MAX_CHARACTERS, PATH
from backstage_py.insights.ui.components.backend_address import backend_address
from backstage_py.ui.components import empty_state


def refusal(permission: str, *, has_token: bool) -> Component:
    """Says what is missing and, where there is a token, asks for it."""
    hint = f"You need the permission {permission}. Ask the team that runs this app for it."
    if not has_token:
        return empty_state("Not for you", hint, icon="lock")
    form = rx.el.form(
        rx.el.label(
            "Access token",
            rx.el.input(
                name="token",
                type="password",
                required=True,
                max_length=MAX_CHARACTERS,
                auto_complete="current-password",
            ),
        ),
        rx.el.button("Open the dashboard", type="submit", class_name="bp-button"),
        action=backend_address(get_config().prepend_backend_path(PATH)),
        method="post",
        class_name="bp-filters",
    )
    return empty_state("Not for you", hint, form, icon="lock")
