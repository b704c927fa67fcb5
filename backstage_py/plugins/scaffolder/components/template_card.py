"""A template of the list."""

import reflex as rx
from reflex.vars import ObjectVar
from reflex_base.components.component import Component

from backstage_py.analytics import analytics_link, use_analytics
from backstage_py.plugins.scaffolder.components.owner_chips import owner_chips
from backstage_py.plugins.scaffolder.rows import LinkRow, TemplateCard
from backstage_py.plugins.scaffolder.state.list_state import TemplateListState
from backstage_py.portal.components import link, markdown, tag_list


def template_card(card: ObjectVar[TemplateCard]) -> Component:
    """The card of a template: what it makes, its owner, and the link to its form."""
    nothing = rx.el.p("No description", class_name="bp-muted")
    return rx.el.li(
        _head(card),
        rx.el.div(
            rx.cond(card.description, markdown(card.description), nothing),
            rx.cond(card.tags, tag_list(card.tags)),
            rx.cond(card.links, rx.el.ul(rx.foreach(card.links, _link))),
            class_name="bp-scaffolder-template-body",
        ),
        rx.el.div(
            rx.icon("users", size=16, aria_hidden=True),
            rx.cond(
                card.owners,
                owner_chips(card.owners),
                rx.el.span("No owner", class_name="bp-muted"),
            ),
            _choose(card),
            class_name="bp-scaffolder-template-foot",
        ),
        class_name="bp-scaffolder-template",
        key=card.ref,
    )


def _head(card: ObjectVar[TemplateCard]) -> Component:
    star = rx.el.button(
        rx.icon("star", size=18, aria_hidden=True),
        type="button",
        class_name="bp-icon-button bp-star",
        aria_label=f"Star {card.title}",
        aria_pressed=card.is_starred,
        on_click=TemplateListState.star(card.ref),
    )
    return rx.el.div(
        rx.el.div(
            rx.el.p(card.type, class_name="bp-kicker"),
            rx.el.h3(link(card.title, to=card.entity_path)),
        ),
        star,
        class_name="bp-scaffolder-template-head",
        data_hue=card.hue,
    )


def _link(row: ObjectVar[LinkRow]) -> Component:
    return rx.el.li(link(row.title, to=row.url))


def _choose(card: ObjectVar[TemplateCard]) -> Component:
    """Its event replaces the click's, as in Backstage."""
    choose = analytics_link(
        "Choose",
        to=card.path,
        no_track=True,
        on_click=use_analytics().capture_event("click", "Template has been opened"),
        class_name="bp-button bp-scaffolder-choose",
        aria_label=f"Choose {card.title}",
    )
    refusal = rx.el.span(
        "Cannot be run", title=card.problem, class_name="bp-muted bp-scaffolder-choose"
    )
    return rx.cond(card.problem, refusal, choose)
