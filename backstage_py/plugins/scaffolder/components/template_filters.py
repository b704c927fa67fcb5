"""The filters of the list of templates."""

from collections.abc import Sequence

import reflex as rx
from reflex.vars import ArrayVar, ObjectVar
from reflex_base.components.component import Component

from backstage_py.plugins.scaffolder.rows import Choice
from backstage_py.plugins.scaffolder.state.list_state import TemplateListState
from backstage_py.portal.components import search_field


def template_filters() -> Component:
    """The filters of the list."""
    state = TemplateListState
    return rx.el.div(
        search_field(
            placeholder="Name, description or tag", value=state.text, on_change=state.search
        ),
        rx.el.fieldset(
            rx.el.legend("Personal"),
            _user_list("all", "All", "library", is_chosen=state.user_list != "starred"),
            _user_list("starred", "Starred", "star", is_chosen=state.user_list == "starred"),
            class_name="bp-user-lists",
        ),
        _choices("Categories", "types", state.types),
        _choices("Tags", "tags", state.tags),
        _choices("Owner", "owners", state.owners),
        class_name="bp-filter-stack",
    )


def _user_list(name: str, title: str, icon: str, *, is_chosen: rx.Var[bool]) -> Component:
    return rx.el.button(
        rx.icon(icon, size=16, aria_hidden=True),
        rx.el.span(title),
        type="button",
        class_name="bp-user-list",
        aria_pressed=is_chosen,
        on_click=TemplateListState.choose_user_list(name),
    )


def _choices(title: str, name: str, choices: ArrayVar[Sequence[Choice]]) -> Component:
    box = rx.el.details(
        rx.el.summary(title),
        rx.foreach(choices, lambda choice: _choice(name, choice)),
        open=True,
        class_name="bp-picker",
    )
    return rx.cond(choices, box)


def _choice(name: str, choice: ObjectVar[Choice]) -> Component:
    return rx.el.label(
        rx.el.input(
            type="checkbox",
            checked=choice.is_chosen,
            on_change=lambda _: TemplateListState.toggle(name, choice.value),
        ),
        rx.el.span(choice.text),
        rx.el.span(choice.count, class_name="bp-count"),
        class_name="bp-choice",
        key=choice.value,
    )
