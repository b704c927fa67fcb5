"""The page with a template's form."""

from collections.abc import Sequence

import reflex as rx
from reflex_base.components.component import Component

from backstage_py.analytics import (
    SCAFFOLDER_TASK_CREATE,
    SCAFFOLDER_TEMPLATE_MANAGEMENT,
    analytics_context,
    use_analytics,
)
from backstage_py.plugins.scaffolder.components.dry_run import dry_run_result
from backstage_py.plugins.scaffolder.components.owner_chips import owner_chips
from backstage_py.plugins.scaffolder.components.template_wizard import TemplateWizard
from backstage_py.plugins.scaffolder.routes import ROOT
from backstage_py.plugins.scaffolder.state.wizard_state import WizardState
from backstage_py.portal.components import (
    Crumb,
    empty_state,
    field,
    link_button,
    page,
    page_header,
    skeleton_rows,
    window_title,
)
from backstage_py.portal.error_pages import not_found
from backstage_py.portal.plugin import PageContent
from backstage_py.portal.routes import route_param
from backstage_py.portal.session import may

_REF = ("template:" + route_param("namespace") + "/" + route_param("name")).lower()


def template_wizard_page(_contents: Sequence[PageContent]) -> Component:
    """The form of a template; everything below it is captured with its `entityRef`."""
    state = WizardState
    is_shown = state.shown_ref == _REF
    return analytics_context(
        rx.cond(
            is_shown & state.is_missing,
            not_found(
                "Template not found",
                rx.fragment("The catalog has no ", rx.el.code(_REF), "."),
                link_button("See all templates", to=ROOT.path),
            ),
            rx.fragment(
                window_title(rx.cond(is_shown, state.template.title, route_param("name"))),
                page(_header(is_shown), rx.cond(is_shown, _content(), _waiting())),
            ),
        ),
        attributes={"entityRef": _REF},
    )


def _waiting() -> Component:
    return rx.el.div(skeleton_rows(8), class_name="bp-scaffolder-wizard-wait")


def _header(is_shown: rx.Var[bool]) -> Component:
    template = WizardState.template
    return page_header(
        rx.cond(is_shown, template.title, route_param("name")),
        kicker=rx.cond(is_shown & (template.type != ""), template.type, "Template"),  # ruff: ignore[compare-to-empty-string]
        crumbs=[Crumb("Create", ROOT.path)],
        labels=[
            rx.cond(
                is_shown & (template.owners.length() > 0),
                field("Owner", owner_chips(template.owners)),
            )
        ],
    )


def _content() -> Component:
    state = WizardState
    refusal = empty_state(
        "This template cannot be run",
        state.template.problem,
        link_button("See the other templates", to=ROOT.path),
        icon="circle-alert",
    )
    return rx.cond(
        state.template.problem,
        refusal,
        rx.fragment(
            rx.cond(
                state.message,
                rx.el.p(
                    state.message,
                    role="alert",
                    class_name="bp-card bp-warning bp-scaffolder-wizard-message",
                ),
            ),
            _wizard(),
            rx.cond(state.is_tried, dry_run_result(state.dry_run)),
        ),
    )


def _wizard() -> Component:
    state, analytics = WizardState, use_analytics()
    create = analytics.capture_event("click", state.template.labels.create_text)
    return TemplateWizard.create(
        visit=state.visit,
        pages=state.template.pages,
        labels=state.template.labels,
        initial=state.initial,
        user=state.user,
        owner_refs=state.owner_refs,
        problems=state.problems,
        ticket=state.ticket,
        is_busy=state.is_busy,
        can_create=may(SCAFFOLDER_TASK_CREATE),
        can_dry_run=may(SCAFFOLDER_TEMPLATE_MANAGEMENT),
        on_next=lambda count: [
            analytics.capture_event("click", f"Next Step ({count})"),
            WizardState.forget_answer,
        ],
        on_create=lambda values, secrets: [create, WizardState.create(values, secrets)],
        on_dry_run=WizardState.try_out,
        on_link=lambda text, to: analytics.capture_event("click", text, attributes={"to": to}),
    )
