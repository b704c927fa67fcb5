"""The dialog that pins a tile to a dashboard."""

import reflex as rx
from reflex_base.components.component import Component

from backstage_py.insights.dashboards.dashboard import MAX_NAME, MAX_TITLE
from backstage_py.insights.ui.components.forms import problem_text
from backstage_py.insights.ui.places import path_of
from backstage_py.insights.ui.state.dashboards_state import PARAMETER, VIEW
from backstage_py.insights.ui.state.pin_state import PinState
from backstage_py.ui.components import link


def pin_button(tile: str, title: str | rx.Var[str], label: str) -> Component:
    """Opens the dialog for a tile; `label` is the tile's own title, for screen readers."""
    return rx.el.button(
        rx.icon("pin", size=14, aria_hidden=True),
        "Pin",
        type="button",
        class_name="bp-insights-drill",
        aria_label=f"Pin to a dashboard: {label}",
        on_click=PinState.show(tile, title),
    )


def pin_dialog() -> Component:
    """It opens when somebody pins a tile."""
    close = rx.dialog.close(
        rx.el.button(
            rx.icon("x", size=18), type="button", aria_label="Close", class_name="bp-icon-button"
        )
    )
    content = rx.dialog.content(
        rx.el.div(
            rx.dialog.title("Pin to a dashboard"), close, class_name="bp-insights-behind-head"
        ),
        rx.dialog.description(
            "The tile keeps its filters. A period such as the last 28 days moves with time.",
            class_name="bp-muted",
        ),
        rx.cond(PinState.pinned_to, _done(), _form()),
        class_name="bp-dialog bp-insights-behind bp-insights-pin",
    )
    return rx.dialog.root(content, open=PinState.is_open, on_open_change=PinState.toggle)


def _form() -> Component:
    choice = rx.el.label(
        "Dashboard",
        rx.el.select(
            rx.foreach(PinState.own, lambda one: rx.el.option(one.name, value=one.id)),
            rx.el.option("A new dashboard", value=""),
            name="dashboard",
        ),
    )
    return rx.el.form(
        rx.el.label(
            "Title",
            rx.el.input(
                name="title",
                default_value=PinState.title,
                key=PinState.title,
                max_length=MAX_TITLE,
                required=True,
                auto_complete="off",
            ),
        ),
        rx.cond(PinState.own, choice),
        rx.el.label(
            rx.cond(PinState.own, "Or the name of a new one", "Name of the new dashboard"),
            rx.el.input(
                name="new", max_length=MAX_NAME, required=~PinState.own.bool(), auto_complete="off"
            ),
        ),
        problem_text(PinState.problem),
        rx.el.button("Pin", type="submit", class_name="bp-button bp-primary"),
        on_submit=PinState.pin,
        class_name="bp-filters",
    )


def _done() -> Component:
    address = f"{path_of(VIEW)}?{PARAMETER}=" + PinState.pinned_to
    return rx.el.p("Pinned. ", link("Open the dashboard", to=address), role="status")
