"""The results of a search."""

from typing import Any

import reflex as rx
from reflex.vars import ObjectVar
from reflex_base.components.component import Component

from backstage_py.analytics import use_analytics
from backstage_py.plugins.search.rows import ResultRow
from backstage_py.portal.components import chip, highlighted_text, link


def result_list(rows: Any, *, first: Any) -> Component:
    """The results in their order, numbered from `first`; opening one is a `discover`."""
    return rx.el.ol(
        rx.foreach(rows, _result),
        class_name="bp-results",
        start=first,
    )


def _result(row: ObjectVar[ResultRow]) -> Component:
    discovered = use_analytics().capture_event(
        "discover", row.title, value=row.rank, attributes={"to": row.path}
    )
    return rx.el.li(
        rx.match(
            row.type,
            ("techdocs", rx.icon("file-text", size=18, aria_hidden=True)),
            rx.icon("box", size=18, aria_hidden=True),
        ),
        rx.el.div(
            link(
                highlighted_text(row.title_parts),
                to=row.path,
                no_track=True,
                on_click=discovered,
            ),
            rx.cond(row.excerpt, rx.el.p(highlighted_text(row.excerpt), class_name="bp-muted")),
            rx.el.span(
                rx.cond(row.kind, chip(row.kind)),
                rx.cond(row.lifecycle, chip(row.lifecycle)),
                rx.cond(row.owner, chip(row.owner)),
                class_name="bp-chips",
            ),
        ),
    )
