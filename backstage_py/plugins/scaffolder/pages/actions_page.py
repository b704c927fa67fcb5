"""The reference of the installed actions."""

from collections.abc import Sequence

import reflex as rx
from reflex.vars import ObjectVar
from reflex_base.components.component import Component

from backstage_py.plugins.scaffolder.routes import ROOT
from backstage_py.plugins.scaffolder.rows import ActionRow, ExampleRow, PropertyRow
from backstage_py.plugins.scaffolder.state.actions_state import ActionsState
from backstage_py.portal.components import (
    Crumb,
    chip,
    code_block,
    empty_state,
    markdown,
    page,
    page_header,
    skeleton_rows,
)
from backstage_py.portal.plugin import PageContent

_HEAD = ("Name", "Type", "Description")


def actions_page(_contents: Sequence[PageContent]) -> Component:
    """The list of actions for steps of templates."""
    state = ActionsState
    nothing = empty_state("No matches", "No installed action has these words.", icon="search-x")
    return page(
        page_header(
            "Installed actions",
            subtitle="What the steps of templates may do in this portal.",
            crumbs=[Crumb("Create", ROOT.path)],
        ),
        rx.cond(
            state.is_loaded,
            rx.fragment(
                _search(),
                rx.el.p(
                    f"{state.actions.length()} of {state.total} actions",
                    class_name="bp-muted",
                    role="status",
                ),
                rx.cond(state.actions, rx.foreach(state.actions, _action), nothing),
            ),
            skeleton_rows(10),
        ),
    )


def _search() -> Component:
    return rx.el.div(
        rx.icon("search", size=20, aria_hidden=True),
        rx.debounce_input(
            rx.el.input(
                type="search",
                aria_label="Search for an action",
                placeholder="Search for an action",
                value=ActionsState.text,
                on_change=ActionsState.search,
            ),
            debounce_timeout=200,
        ),
        role="search",
        class_name="bp-query-bar bp-card",
    )


def _action(action: ObjectVar[ActionRow]) -> Component:
    return rx.el.section(
        rx.el.h2(
            rx.el.code(action.id),
            rx.cond(action.supports_dry_run, chip("dry run")),
            class_name="bp-scaffolder-action-title",
        ),
        rx.cond(action.description, markdown(action.description)),
        _properties("Input", action.id, action.inputs, "It takes no input."),
        _properties("Output", action.id, action.outputs, "It gives no output."),
        rx.cond(action.examples, _examples(action)),
        class_name="bp-card bp-scaffolder-action-card",
        id=action.id,
        key=action.id,
    )


def _properties(
    title: str, id_: rx.Var[str], rows: rx.Var[list[PropertyRow]], nothing: str
) -> Component:
    table = rx.el.div(
        rx.el.table(
            rx.el.thead(rx.el.tr(*(rx.el.th(text, scope="col") for text in _HEAD))),
            rx.el.tbody(rx.foreach(rows, _property)),
            class_name="bp-table",
        ),
        class_name="bp-table-box",
        tab_index=0,
        role="region",
        aria_label=f"{title} of {id_}",
    )
    return rx.fragment(
        rx.el.h3(title), rx.cond(rows, table, rx.el.p(nothing, class_name="bp-muted"))
    )


def _property(row: ObjectVar[PropertyRow]) -> Component:
    required = rx.el.span(" *", class_name="bp-scaffolder-required", title="required")
    return rx.el.tr(
        rx.el.td(rx.el.code(row.name), rx.cond(row.is_required, required)),
        rx.el.td(rx.el.code(row.type, class_name="bp-muted")),
        rx.el.td(row.description, class_name="bp-text"),
        key=row.name,
    )


def _examples(action: ObjectVar[ActionRow]) -> Component:
    return rx.el.details(
        rx.el.summary("Examples"),
        rx.foreach(action.examples, _example),
        class_name="bp-picker",
    )


def _example(example: ObjectVar[ExampleRow]) -> Component:
    return rx.el.div(
        rx.el.p(example.description),
        code_block(example.yaml, label="Example"),
        class_name="bp-scaffolder-example",
    )
