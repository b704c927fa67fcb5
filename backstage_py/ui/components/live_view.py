"""The parts of a page that refreshes itself until it is paused."""

from typing import Any

import reflex as rx
from reflex_base.components.component import Component


def live_timer(look: Any, *, is_live: rx.Var[bool], milliseconds: int) -> Component:
    """Refreshes at intervals while the tab is open."""
    return rx.cond(is_live, rx.moment(interval=milliseconds, display="none", on_change=look))


def live_controls(
    is_live: rx.Var[bool], *, pause: Any, resume: Any, waiting: rx.Var[int] | None = None
) -> list[Component]:
    """Whether the page is live, and the button that changes it.

    Args:
        is_live: Whether it is.
        pause: Stops it.
        resume: Goes on.
        waiting: How many new things are not shown while one of the old is open.
    """
    live: Any = "Live"
    if waiting is not None:
        live = rx.cond(waiting, waiting.to_string() + " new", "Live")
    word = rx.el.span(
        rx.cond(is_live, live, "Paused"),
        class_name="bp-live",
        data_on=rx.cond(is_live, "true", "false"),
        role="status",
    )
    button = rx.cond(is_live, _button("Pause", pause), _button("Resume", resume))
    return [word, button]


def _button(label: str, on_click: Any) -> Component:
    return rx.el.button(label, type="button", class_name="bp-button", on_click=on_click)
