"""The tracked link, as a Reflex component.

Source of the behaviour: `Link` of `@backstage/core-components` 0.18.14.
"""

from typing import Any

import reflex as rx
from reflex_base.components.component import Component, field
from reflex_base.constants import MemoizationMode
from reflex_base.vars.base import Var
from reflex_components_core.el.elements.inline import A

from backstage_py.analytics.browser.modules import BACKSTAGE_LINK_MODULE


class AnalyticsLink(A):
    """A link whose clicks are captured as `click`.

    A boundary for Reflex's memoization: the text of the children has to stay
    readable for the event's subject.
    """

    library = BACKSTAGE_LINK_MODULE
    tag = "AnalyticsLink"
    _memoization_mode = MemoizationMode(recursive=False)

    to: Var[str] = field(doc="A path, query or hash of the app, or the URL of another site.")

    replace: Var[bool] = field(doc="Replace the history entry instead of adding one.")


def analytics_link(
    *children: rx.Component | str | Var[Any],
    to: str | Var[str],
    no_track: bool = False,
    **props: Any,
) -> Component:
    """A link that captures its clicks.

    Args:
        children: The content; its text is the event's subject.
        to: Where it leads; `javascript:` is refused, other sites open in a new tab.
        no_track: Capture nothing.
        props: As for `rx.el.a`.
    """
    if no_track:
        props["data_no_track"] = True
    return AnalyticsLink.create(*children, to=to, **props)
