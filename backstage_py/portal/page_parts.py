"""The parts that other plugins place in a page."""

from dataclasses import dataclass

import reflex as rx
from reflex_base.components.component import Component


@dataclass(frozen=True, slots=True)
class Widget:
    """A card that people may arrange: its name and its first place.

    `columns` are of 12. An `is_shown` one is visible until people arrange their page; an `is_fixed`
    one cannot be removed. One with a `feature_flag` is only for people who switched that on.
    """

    title: str | rx.Var[str]
    columns: int = 6
    is_shown: bool = True
    is_fixed: bool = False
    feature_flag: str = ""


@dataclass(frozen=True, slots=True)
class PageCard:
    """A card extension, already wrapped in its plugin's context."""

    name: str
    component: Component
    is_wide: bool
    shown_if: rx.Var[bool] | None
    widget: Widget | None = None


@dataclass(frozen=True, slots=True)
class PageContent:
    """A content extension, already wrapped in its plugin's context."""

    path: str
    title: str | rx.Var[str]
    component: Component
    shown_if: rx.Var[bool] | None
