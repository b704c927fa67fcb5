"""The palette's entries besides search results: recent pages, and the portal's pages."""

import reflex as rx
from reflex.event import EventHandler, passthrough_event_spec
from reflex_base.components.component import Component, field
from reflex_base.vars.base import Var

from backstage_py.analytics import use_analytics
from backstage_py.portal.components import link
from backstage_py.portal.palette import list_commands
from backstage_py.portal.plugin import NavItem
from backstage_py.portal.session import may
from backstage_py.ui.browser_module import browser_module

_MODAL = browser_module(__file__, "search_modal.js")
_RECENT = browser_module(__file__, "recent_pages.js")


class SearchModal(Component):
    """A dialog with a shortcut: Ctrl or Cmd and a letter."""

    library = _MODAL
    tag = "SearchModal"

    letter: Var[str] = field(doc="The letter, in lower case.")

    on_toggle: EventHandler[passthrough_event_spec(bool)] = field(
        doc="It has been opened, or closed."
    )


class PaletteEntry(Component):
    """A place that is listed while its name has what is typed."""

    library = _MODAL
    tag = "PaletteEntry"

    name: Var[str] = field(doc="The place's name.")


class PalettePart(Component):
    """What is shown while something is typed, or while nothing is."""

    library = _MODAL
    tag = "PalettePart"

    typed: Var[bool] = field(doc="Whether it is shown while something is typed.")


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


def commands() -> Component:
    """The pages whose name contains what is typed."""
    return rx.el.section(
        rx.el.h2("Go to"), *map(_command, list_commands()), class_name="bp-search-commands"
    )


def _command(item: NavItem) -> Component:
    entry = PaletteEntry.create(
        link(
            rx.icon(item.icon, size=16, aria_hidden=True),
            item.text,
            to=item.route_ref.path,
            class_name="bp-search-command",
        ),
        name=item.text,
    )
    return rx.cond(may(item.permission), entry) if item.permission else entry
