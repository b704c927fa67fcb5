"""Text that people wrote in Markdown."""

from typing import Any

import reflex as rx
from reflex_base.components.component import Component
from reflex_base.vars.base import Var

from backstage_py.ui.components.code_block import code_block
from backstage_py.ui.components.link import link


def markdown(text: Any) -> Component:
    """Rendered Markdown, like Backstage's `MarkdownContent`: GitHub's flavour, no formulas.

    HTML in it is shown as text, links are captured like any link, code is shown without colours.
    """
    return rx.el.div(
        rx.markdown(
            text,
            component_map={
                "a": lambda text: link(text, to=Var("props.href")),
                "pre": lambda text, **_: code_block(text, label="Code"),
            },
            use_raw=False,
            use_math=False,
            use_katex=False,
        ),
        class_name="bp-markdown",
    )
