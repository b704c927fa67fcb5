"""The portal's link and link-button; both capture their clicks."""

from typing import Any

from reflex_base.components.component import Component

from backstage_py.analytics import analytics_link


def link(*children: Any, to: Any, **props: Any) -> Component:
    """A link in running text or in a table."""
    return analytics_link(*children, to=to, **{"class_name": "bp-link", **props})


def link_button(*children: Any, to: Any, **props: Any) -> Component:
    """A link that looks like a button."""
    return analytics_link(*children, to=to, **{"class_name": "bp-button", **props})
