"""Text that people wrote in Markdown."""

from typing import Any

import reflex as rx
from reflex_base.components.component import Component
from reflex_base.vars.base import Var

from backstage_py.portal.components.link import link


def markdown(text: Any) -> Component:
    """Rendered Markdown: HTML in it is shown as text, links are captured as any link."""
    return rx.el.div(
        rx.markdown(
            text,
            component_map={"a": lambda text: link(text, to=Var("props.href"))},
            use_raw=False,
        ),
        class_name="bp-markdown",
    )
