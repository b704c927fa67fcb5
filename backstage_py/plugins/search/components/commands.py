"""What the palette leads to beside what a search finds: recent pages, and the portal's places."""

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
    """Notes where one is, for the tab."""

    library = _RECENT
    tag = "RecordPages"


class RecentPages(Component):
    """Links to where one was."""

    library = _RECENT
    tag = "RecentPages"

    heading: Var[str] = field(doc="What stands above them.")

    on_open: EventHandler[passthrough_event_spec(str, str)] = field(
        doc="A link is followed; gives its text and where it leads."
    )


def recent_pages() -> Component:
    """Where one was in this tab; each is captured as any link."""
    return RecentPages.create(
        heading="Recent",
        on_open=lambda text, to: use_analytics().capture_event(
            "click", text, attributes={"to": to}
        ),
    )


def commands() -> Component:
    """The places whose name has what is typed."""
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
