"""The pages for an unknown address and for an error."""

from typing import Any

import reflex as rx
from reflex_base.components.component import Component
from reflex_base.vars.base import Var
from reflex_components_core.base.error_boundary import ErrorBoundary

from backstage_py.analytics import capture_on_mount
from backstage_py.portal.components import empty_state, link_button, window_title
from backstage_py.portal.routes import route_location


class PageBoundary(ErrorBoundary):
    """An error boundary that tries again when one of `reset_keys` changes."""

    reset_keys: Var[list[str]]


def not_found_page() -> Component:
    """The page of an unknown path; it captures `not-found`."""
    return rx.fragment(
        not_found(
            "Page not found",
            "There is no page at this address. It may have moved, or the link may be wrong.",
        )
    )


def not_found(title: Any, text: Any, *ways_on: Component) -> Component:
    """Say that something was not found, and capture `not-found` with the path.

    Args:
        title: What was not found.
        text: The requested thing, or why it may be missing.
        ways_on: Links to places where it may be found; Home by default.
    """
    return rx.fragment(
        capture_on_mount("not-found", route_location()),
        window_title(title),
        empty_state(
            title,
            text,
            *(ways_on or (link_button("Go to Home", to="/"),)),
            icon="map-pin-off",
            is_page=True,
        ),
    )


def error_boundary(*children: Component) -> Component:
    """Shows `children`, or an error message if one of them breaks; the next page resets it."""
    apology = empty_state(
        "Something went wrong on this page",
        "The error is in the server's log. The rest of the portal still works.",
        rx.el.a("Reload the page", href="", class_name="bp-button"),
        icon="triangle-alert",
        is_page=True,
    )
    return PageBoundary.create(
        *children, fallback_render=Var.create(apology), reset_keys=[route_location()]
    )
