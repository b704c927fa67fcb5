"""The palette's entries besides search results: recent pages, and the portal's pages."""

from typing import Any

import reflex as rx
from reflex.event import EventHandler, passthrough_event_spec
from reflex_base.components.component import Component, field
from reflex_base.vars.base import Var
from reflex_base.vars.sequence import StringVar

from backstage_py.analytics import use_analytics
from backstage_py.portal.components import link
from backstage_py.portal.palette import list_commands
from backstage_py.portal.plugin import NavItem
from backstage_py.portal.session import may
from backstage_py.ui.browser_module import browser_module

_RECENT = browser_module(__file__, "recent_pages.js")


class RecordPages(Component):
    """Remembers the pages visited in this tab."""

    library = _RECENT
    tag = "RecordPages"


class RecentPages(Component):
    """Links to recent pages."""

    library = _RECENT
    tag = "RecentPages"

    heading: Var[str] = field(doc="Their heading.")

    on_open: EventHandler[passthrough_event_spec(str, str)] = field(
        doc="A link is followed; gives its text and where it leads."
    )


def recent_pages() -> Component:
    """Recent pages of this tab; each is captured like any link."""
    return RecentPages.create(
        heading="Recent",
        on_open=lambda text, to: use_analytics().capture_event(
            "click", text, attributes={"to": to}
        ),
    )


def commands(term: rx.Var[str]) -> Component:
    """The pages whose name contains the term."""
    items = list_commands()
    words = term.to(str).lower()
    names = [item.text.lower() for item in items]
    is_any = rx.Var.create(" ".join(names)).contains(words)
    return rx.cond(
        is_any,
        rx.el.section(
            rx.el.h2("Go to"),
            *(_command(item, words) for item in items),
            class_name="bp-search-commands",
        ),
    )


def _command(item: NavItem, words: StringVar[str]) -> Component:
    entry = link(
        rx.icon(item.icon, size=16, aria_hidden=True),
        item.text,
        to=item.route_ref.path,
        class_name="bp-search-command",
    )
    shown: Any = rx.Var.create(item.text.lower()).contains(words)
    return rx.cond(shown & may(item.permission) if item.permission else shown, entry)
