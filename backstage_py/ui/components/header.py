"""The head of a page: breadcrumbs, title, labels and actions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import reflex as rx
from reflex_base.components.component import Component

from backstage_py.ui.components.link import link


@dataclass(frozen=True, slots=True)
class Crumb:
    """A breadcrumb; the page itself is the header's title."""

    text: Any
    to: Any


def page_header(
    title: Any,
    *,
    subtitle: Any = None,
    kicker: Any = None,
    crumbs: Sequence[Crumb] = (),
    trail: Component | None = None,
    labels: Sequence[Component] = (),
    actions: Sequence[Component] = (),
) -> Component:
    """The head of a page.

    Args:
        title: The page's one `h1`.
        subtitle: A sentence below it.
        kicker: A few words above it, such as `component - service`.
        crumbs: The breadcrumbs.
        trail: More breadcrumbs, each an `li`, between the crumbs and the title.
        labels: Facts beside the title, each a `field`.
        actions: The page's buttons.
    """
    return rx.el.header(
        rx.el.div(
            _breadcrumbs(crumbs, trail, title) if crumbs else rx.fragment(),
            rx.el.p(kicker, class_name="bp-kicker") if kicker is not None else rx.fragment(),
            rx.el.h1(title),
            rx.el.p(subtitle, class_name="bp-subtitle") if subtitle is not None else rx.fragment(),
            class_name="bp-header-text",
        ),
        rx.el.dl(*labels, class_name="bp-header-labels") if labels else rx.fragment(),
        rx.el.div(*actions, class_name="bp-actions") if actions else rx.fragment(),
        class_name="bp-header",
    )


def _breadcrumbs(crumbs: Sequence[Crumb], trail: Component | None, title: Any) -> Component:
    steps = [rx.el.li(link(crumb.text, to=crumb.to)) for crumb in crumbs]
    here = rx.el.li(rx.el.span(title, aria_current="page"))
    return rx.el.nav(
        rx.el.ol(*steps, trail or rx.fragment(), here),
        aria_label="Breadcrumb",
        class_name="bp-crumbs",
    )
