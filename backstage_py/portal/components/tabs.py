"""Tabs that are links: each has an address of its own."""

from collections.abc import Sequence

import reflex as rx
from reflex_base.components.component import Component
from reflex_base.vars.base import Var

from backstage_py.portal.page_parts import PageContent
from backstage_py.portal.routes import is_at
from backstage_py.ui.components.link import link


def tab_bar(base: Var[str], contents: Sequence[PageContent]) -> Component:
    """The tabs of a page below the path `base`.

    Args:
        base: The page's own path.
        contents: The contents that the tabs lead to.
    """
    return rx.el.nav(
        *(_tab(base, content) for content in contents),
        aria_label="Sections of this page",
        class_name="bp-tabs",
    )


def _tab(base: Var[str], content: PageContent) -> Component:
    is_first = content.path == "/"
    to: Var[str] | str = base if is_first else f"{base}{content.path}"
    current = is_at(to, exactly=is_first)
    tab = link(
        content.title,
        to=to,
        class_name="bp-tab",
        aria_current=rx.cond(current, "page", "false"),
    )
    return tab if content.shown_if is None else rx.cond(content.shown_if, tab)
