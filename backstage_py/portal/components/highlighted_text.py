"""A text with the words that a search found, as `HighlightedSearchResultText` of Backstage."""

from typing import Any

import reflex as rx
from reflex_base.components.component import Component


def highlighted_text(parts: Any) -> Component:
    """Mark the matches in a text; `parts` have a `text` and say whether it `is_match`."""
    return rx.fragment(
        rx.foreach(
            parts,
            lambda part: rx.cond(part.is_match, rx.el.mark(part.text), rx.el.span(part.text)),
        )
    )
