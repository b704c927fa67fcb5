"""What people see who may not see the dashboard."""

import reflex as rx
from reflex_base.components.component import Component
from reflex_base.config import get_config

from backstage_py.insights.ui.app.token import MAX_CHARACTERS, PATH, REFUSED
from backstage_py.insights.ui.components.backend_address import backend_address
from backstage_py.ui.components import empty_state

_PROBLEM = "bp-warning bp-insights-tile-problem"


class PostForm(rx.el.Div):
    """A form that the browser sends; Reflex keeps its own forms from that."""

    tag = "form"
    action: rx.Var[str]
    method: rx.Var[str] = rx.Var.create("post")


def refusal(permission: str, *, has_token: bool) -> Component:
    """Says what is missing and, where there is a token, asks for it."""
    needed = f"You need the permission {permission}"
    if not has_token:
        hint = f"{needed}. Ask the team that runs this app for it."
        return empty_state("No permission", hint, icon="lock")
    form = PostForm.create(
        rx.cond(
            rx.State.router.url.query.contains(REFUSED),
            rx.el.p("That is not the token. Try again.", role="alert", class_name=_PROBLEM),
        ),
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
        class_name="bp-filters",
    )
    return empty_state("No permission", f"{needed}, or the access token.", form, icon="lock")
