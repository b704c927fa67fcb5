"""The time in the places that the owner configures."""

import reflex as rx
from reflex_base.components.component import Component, field
from reflex_base.vars.base import Var

from backstage_py.plugins.home.service import get_home_settings
from backstage_py.plugins.home.texts import text
from backstage_py.portal.components import info_card
from backstage_py.ui.browser_module import browser_module


class WorldClock(Component):
    """Shows the time and updates itself."""

    library = browser_module(__file__, "world_clock.js")
    tag = "WorldClock"

    clocks: Var[list[dict[str, str]]] = field(doc="Each with `title` and `timeZone`.")


def world_clock() -> Component:
    """A clock for each of `home.clocks`."""
    clocks = [one.model_dump(by_alias=True) for one in get_home_settings().clocks]
    shown = WorldClock.create(clocks=clocks)
    nothing = rx.el.p(text("noClocks"), class_name="bp-muted")
    return info_card(text("clock"), shown if clocks else nothing)
