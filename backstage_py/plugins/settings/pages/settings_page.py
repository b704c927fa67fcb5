"""The settings: a page of tabs, to which other plugins may add theirs."""

from collections.abc import Sequence

import reflex as rx
from reflex_base.components.component import Component

from backstage_py.analytics import routed_content
from backstage_py.plugins.settings.routes import SETTINGS
from backstage_py.plugins.settings.texts import text
from backstage_py.portal.components import page, page_header, tab_bar, window_title
from backstage_py.portal.language import language
from backstage_py.portal.plugin import PageContent


def settings_page(contents: Sequence[PageContent]) -> Component:
    """The tabs, with the content of the one in the address."""
    return rx.el.div(
        page(
            page_header(text("settings")),
            tab_bar(rx.Var.create(SETTINGS.path), contents),
            *(routed_content(content.path, _named(content)) for content in contents),
        ),
        lang=language(),
    )


def _named(content: PageContent) -> Component:
    """A tab that sets the window's title; the first is the page itself."""
    if content.path == "/":
        return content.component
    title = rx.Var.create(content.title).to(str) + " - " + text("settings")
    return rx.fragment(window_title(title), content.component)
