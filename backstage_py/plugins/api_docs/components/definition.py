"""The tab with the definition of an API."""

from collections.abc import Sequence
from typing import Any

import reflex as rx
from reflex.vars import ObjectVar
from reflex_base.components.component import Component

from backstage_py.plugins.api_docs.components.definition_viewer import DefinitionViewer
from backstage_py.plugins.api_docs.graphql_docs import GraphqlField, GraphqlType
from backstage_py.plugins.api_docs.routes import ASYNCAPI_FRAME
from backstage_py.plugins.api_docs.service import Remote
from backstage_py.plugins.api_docs.state.api_docs_state import ApiState
from backstage_py.portal.components import chip, empty_state, link
from backstage_py.portal.plugin import PageCard


def definition(_cards: Sequence[PageCard]) -> Component:
    """The definition in its viewer, or as raw text."""
    shown = ApiState.definition
    nothing = empty_state("No definition", shown.problem, icon="file-question")
    text = rx.fragment(
        rx.cond(shown.problem, _problem()),
        rx.cond(shown.viewer == "raw", _raw(), rx.fragment(_views(), _chosen())),
    )
    return rx.cond(shown.viewer == "remotes", _remotes(), rx.cond(shown.has_text, text, nothing))


def _problem() -> Component:
    return rx.el.p(ApiState.definition.problem, role="alert", class_name="bp-card bp-warning")


def _views() -> Component:
    return rx.el.div(
        _view(ApiState.definition.type, is_on=~ApiState.is_raw, on_click=ApiState.show_drawn),
        _view("Raw", is_on=ApiState.is_raw, on_click=ApiState.show_raw),
        class_name="bp-actions",
        role="group",
        aria_label="How it is shown",
    )


def _view(title: str | rx.Var[str], *, is_on: rx.Var[bool], on_click: Any) -> Component:
    return rx.el.button(
        title,
        type="button",
        class_name="bp-button bp-api-docs-toggle",
        aria_pressed=is_on,
        on_click=on_click,
    )


def _chosen() -> Component:
    drawn = rx.cond(ApiState.definition.viewer == "graphql", _graphql(), _drawn())
    return rx.cond(ApiState.is_raw, _raw(), drawn)


def _drawn() -> Component:
    return DefinitionViewer.create(
        viewer=ApiState.definition.viewer,
        src=ApiState.src,
        frame=ASYNCAPI_FRAME,
        can_try=ApiState.can_try,
        label="API definition",
    )


def _raw() -> Component:
    return DefinitionViewer.create(
        viewer="raw",
        src=ApiState.src,
        language=ApiState.definition.language,
        label="API definition, raw",
    )


def _remotes() -> Component:
    head = rx.el.tr(rx.el.th("Type", scope="col"), rx.el.th("Address", scope="col"))
    return rx.el.div(
        rx.el.table(
            rx.el.thead(head),
            rx.el.tbody(rx.foreach(ApiState.definition.remotes, _remote)),
            class_name="bp-table",
        ),
        class_name="bp-table-box",
        tab_index=0,
        role="region",
        aria_label="Remotes",
    )


def _remote(remote: ObjectVar[Remote]) -> Component:
    return rx.el.tr(rx.el.td(remote.type), rx.el.td(link(remote.url, to=remote.url)))


def _graphql() -> Component:
    return rx.el.div(
        rx.foreach(ApiState.definition.types, _graphql_type),
        class_name="bp-api-docs-graphql",
        role="region",
        aria_label="API definition",
    )


def _graphql_type(type_: ObjectVar[GraphqlType]) -> Component:
    return rx.el.section(
        rx.el.h2(chip(type_.kind), " ", type_.name),
        rx.cond(type_.description, rx.el.p(type_.description, class_name="bp-muted")),
        rx.el.dl(rx.foreach(type_.fields, _graphql_field)),
        class_name="bp-card",
        key=type_.name,
    )


def _graphql_field(one: ObjectVar[GraphqlField]) -> Component:
    return rx.el.div(
        rx.el.dt(
            rx.el.code(
                rx.el.strong(one.name),
                rx.cond(one.arguments, rx.el.span("(", one.arguments, ")", class_name="bp-muted")),
                rx.cond(one.type, rx.el.span(": ", one.type)),
            )
        ),
        rx.el.dd(
            rx.cond(one.description, rx.el.span(one.description)),
            rx.cond(one.deprecated, chip(one.deprecated)),
        ),
    )
