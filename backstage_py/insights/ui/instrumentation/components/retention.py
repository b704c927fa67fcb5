"""How long events are kept, and who was erased, without a name."""

import reflex as rx
from reflex.vars import ObjectVar
from reflex_base.components.component import Component

from backstage_py.insights.ui.instrumentation.rows import ErasureRow
from backstage_py.insights.ui.instrumentation.state.instrumentation_state import (
    InstrumentationState,
)


def retention() -> Component:
    """The rules of retention, and the newest erasures."""
    return rx.el.section(
        rx.el.div(
            rx.el.h2("Retention"),
            rx.el.p(
                "Events are deleted when they are older than ",
                rx.el.code("app.analytics.retention"),
                " says; a person is erased by ",
                rx.el.code("python -m backstage_py users erase"),
                ".",
            ),
            class_name="bp-section-head",
        ),
        rx.el.div(
            _block("Kept for", rx.el.ul(rx.foreach(InstrumentationState.retention, rx.el.li))),
            _block(
                "Erased people",
                rx.cond(
                    InstrumentationState.erasures,
                    rx.el.ul(rx.foreach(InstrumentationState.erasures, _erasure)),
                    rx.el.p("No one yet.", class_name="bp-muted"),
                ),
            ),
            class_name="bp-card bp-instrumentation-retention",
        ),
        class_name="bp-section",
    )


def _block(title: str, content: Component) -> Component:
    return rx.el.div(rx.el.h3(title), content)


def _erasure(row: ObjectVar[ErasureRow]) -> Component:
    return rx.el.li(
        rx.el.strong(row.when),
        ", ",
        row.events,
        rx.foreach(row.backends, lambda text: rx.el.span(text, class_name="bp-muted")),
        key=row.key,
    )
