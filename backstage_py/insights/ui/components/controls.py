"""The period, interval and time zone of a page, and the notice about sample data."""

from zoneinfo import available_timezones

import reflex as rx
from reflex_base.components.component import Component

from backstage_py.insights.ui.page_query import GRAINS, RANGES
from backstage_py.insights.ui.state.page_state import InsightsState

_REGIONS = ("Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


def controls() -> Component:
    """The controls of every page."""
    return rx.el.div(
        _select("Time", "range", RANGES, InsightsState.range),
        rx.cond(
            InsightsState.range == "custom",
            rx.fragment(
                _day("From", "since", InsightsState.since),
                _day("To", "until", InsightsState.until),
            ),
        ),
        _select("Interval", "grain", GRAINS, InsightsState.grain),
        _zone(),
        rx.el.div(
            rx.el.span(InsightsState.span),
            rx.el.button(
                rx.icon("rotate-cw", size=16, aria_hidden=True),
                "Refresh",
                type="button",
                class_name="bp-button",
                on_click=InsightsState.read_again,
            ),
            rx.el.button(
                rx.icon("printer", size=16, aria_hidden=True),
                "Print",
                type="button",
                class_name="bp-button",
                on_click=rx.call_script("window.print()"),
            ),
            class_name="bp-insights-controls-end",
        ),
        class_name="bp-filters bp-insights-controls",
        role="search",
        aria_label="Which events",
    )


def _select(title: str, name: str, choices: dict[str, str], chosen: rx.Var[str]) -> Component:
    return rx.el.label(
        title,
        rx.el.select(
            *(rx.el.option(text, value=value) for value, text in choices.items()),
            name=name,
            value=chosen,
            on_change=lambda value: InsightsState.choose(name, value),
        ),
    )


def _day(title: str, name: str, chosen: rx.Var[str]) -> Component:
    return rx.el.label(
        title,
        rx.el.input(
            type="date",
            name=name,
            value=chosen,
            on_change=lambda value: InsightsState.choose(name, value),
        ),
    )


def _zone() -> Component:
    zones = sorted(zone for zone in available_timezones() if zone.partition("/")[0] in _REGIONS)
    return rx.el.label(
        "Time zone",
        rx.el.select(
            *(rx.el.option(zone.replace("_", " "), value=zone) for zone in ("UTC", *zones)),
            name="zone",
            value=InsightsState.zone,
            on_change=lambda value: InsightsState.choose("zone", value),
        ),
    )


def sample_notice() -> Component:
    """The notice that sample data is counted, or the offer to fill some in."""
    return rx.el.div(
        rx.cond(InsightsState.sample_events, _sample()),
        rx.cond(InsightsState.can_fill, _offer()),
        rx.el.div(rx.cond(InsightsState.message, _message()), role="status"),
        class_name="bp-insights-notices",
    )


def _sample() -> Component:
    shown = rx.el.p(
        rx.el.strong("Sample data."),
        " These numbers count ",
        InsightsState.sample_events,
        " generated events. They are never sent to a backend.",
    )
    hidden = rx.el.p(
        rx.el.strong("Sample data is hidden."), " Every number comes from recorded events."
    )
    toggle = rx.cond(
        InsightsState.with_sample,
        _button("eye-off", "Hide sample data", InsightsState.show_sample(False)),
        _button("eye", "Show sample data", InsightsState.show_sample(True)),
    )
    return rx.el.aside(
        rx.icon("flask-conical", size=20, aria_hidden=True),
        rx.cond(InsightsState.with_sample, shown, hidden),
        rx.el.div(
            toggle,
            rx.cond(
                InsightsState.may_manage,
                _button("trash-2", "Delete sample data", InsightsState.remove_sample),
            ),
            class_name="bp-actions",
        ),
        class_name="bp-card bp-insights-sample",
        aria_label="Sample data",
    )


def _offer() -> Component:
    return rx.el.aside(
        rx.icon("flask-conical", size=20, aria_hidden=True),
        rx.el.p(
            rx.el.strong("Little has been recorded yet."),
            " Fill in 90 days of 300 made-up people to see what Insights can say. Sample data is "
            "marked, can be left out, and is removed with one click.",
        ),
        rx.el.div(
            _button("sparkles", "Fill with sample data", InsightsState.fill_with_sample),
            class_name="bp-actions",
        ),
        class_name="bp-card bp-insights-sample",
        aria_label="Sample data",
    )


def _button(icon: str, text: str, on_click: rx.event.EventType[()]) -> Component:
    return rx.el.button(
        rx.icon(icon, size=16, aria_hidden=True),
        text,
        type="button",
        class_name="bp-button",
        disabled=InsightsState.is_filling,
        on_click=on_click,
    )


def _message() -> Component:
    return rx.el.div(
        rx.el.div(
            rx.el.span(InsightsState.message),
            rx.el.button(
                rx.icon("x", size=16, aria_hidden=True),
                type="button",
                aria_label="Dismiss",
                class_name="bp-icon-button",
                on_click=InsightsState.dismiss,
            ),
            class_name="bp-message",
        ),
        class_name="bp-messages",
    )
