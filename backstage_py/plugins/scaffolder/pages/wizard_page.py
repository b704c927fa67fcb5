"""The page on which a template is filled in."""

from collections.abc import Sequence

import reflex as rx
from reflex.vars import ObjectVar
from reflex_base.components.component import Component

from backstage_py.analytics import (
    SCAFFOLDER_TASK_CREATE,
    SCAFFOLDER_TEMPLATE_MANAGEMENT,
    analytics_context,
    use_analytics,
)
from backstage_py.plugins.scaffolder.components.owner_chips import owner_chips
from backstage_py.plugins.scaffolder.components.run_parts import (
    output_links,
    output_texts,
    step_list,
)
from backstage_py.plugins.scaffolder.components.template_wizard import TemplateWizard
from backstage_py.plugins.scaffolder.routes import ROOT
from backstage_py.plugins.scaffolder.rows import FileRow, LineRow
from backstage_py.plugins.scaffolder.state.wizard_state import WizardState
from backstage_py.portal.components import (
    Crumb,
    code_block,
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
            rx.cond(state.is_tried, _dry_run()),
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


def _dry_run() -> Component:
    run = WizardState.dry_run
    failure = rx.el.p(run.error, role="alert", class_name="bp-card bp-warning")
    tabs = {
        "Files": rx.cond(run.files, rx.foreach(run.files, _file), _nothing("It leaves no files.")),
        "Steps": step_list(run.steps),
        "Log": rx.cond(run.log, _log(run.log), _nothing("It writes no log.")),
        "Output": rx.cond(
            run.links.length() + run.texts.length() > 0,
            rx.fragment(output_links(run.links), output_texts(run.texts)),
            _nothing("It gives no output."),
        ),
    }
    return rx.el.section(
        rx.el.h2("Dry run"),
        rx.el.p("Nothing was published, registered or sent.", class_name="bp-muted", role="status"),
        rx.cond(run.error, failure),
        rx.tabs.root(
            rx.tabs.list(*(rx.tabs.trigger(title, value=title) for title in tabs)),
            *(
                rx.tabs.content(content, value=title, class_name="bp-scaffolder-dry-run-tab")
                for title, content in tabs.items()
            ),
            default_value="Files",
        ),
        class_name="bp-card bp-scaffolder-dry-run",
    )


def _nothing(text: str) -> Component:
    return rx.el.p(text, class_name="bp-muted")


def _file(file: ObjectVar[FileRow]) -> Component:
    content = rx.cond(
        file.note,
        rx.el.p(file.note, class_name="bp-muted"),
        code_block(file.text, label=f"Content of {file.path}"),
    )
    return rx.el.details(
        rx.el.summary(rx.el.code(file.path)),
        content,
        class_name="bp-scaffolder-file",
        key=file.path,
    )


def _log(lines: rx.Var[list[LineRow]]) -> Component:
    return rx.el.div(
        rx.foreach(lines, _line),
        class_name="bp-scaffolder-log",
        tab_index=0,
        role="region",
        aria_label="Log of the dry run",
    )


def _line(line: ObjectVar[LineRow]) -> Component:
    return rx.el.div(
        rx.el.time(line.time),
        rx.el.span(line.step, class_name="bp-scaffolder-log-step"),
        rx.el.span(line.message, class_name="bp-scaffolder-log-text"),
        class_name="bp-scaffolder-log-line",
        data_level=line.level,
    )
