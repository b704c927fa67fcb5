"""The reader of a documentation: navigation, page and headings."""

import reflex as rx
from reflex.vars import ObjectVar
from reflex_base.components.component import Component

from backstage_py.analytics import capture_on_mount
from backstage_py.plugins.techdocs.components.parts import (
    DocsArticle,
    DocsNav,
    DocsToc,
    ReportIssue,
    capture_opened,
)
from backstage_py.plugins.techdocs.rows import LinkRow
from backstage_py.plugins.techdocs.state.reader_state import ReaderState
from backstage_py.portal.components import empty_state, link, link_button, skeleton_rows
from backstage_py.portal.routes import route_location, route_param


def reader(
    state: type[ReaderState], base: rx.Var[str], *, tools: Component | None = None
) -> Component:
    """The reader for the entity in the address.

    Args:
        state: The state of the reader.
        base: The path of its start page.
        tools: A component above the navigation.
    """
    is_shown = state.shown == route_location()
    has_site = state.site_path == base
    layout = rx.el.div(
        rx.el.div(
            tools or rx.fragment(),
            DocsNav.create(nodes=state.nav, label="Documentation", on_open=capture_opened),
            class_name="bp-techdocs-side",
        ),
        rx.el.div(_main(state, base, is_shown), class_name="bp-techdocs-main"),
        rx.cond(state.page.headings, _toc(state)),
        class_name="bp-techdocs-layout",
        data_busy=rx.cond(is_shown, "false", "true"),
    )
    return rx.cond(
        has_site,
        layout,
        rx.cond(is_shown, _no_page(state), skeleton_rows(10)),
    )


def _main(state: type[ReaderState], base: rx.Var[str], is_shown: rx.Var[bool]) -> Component:
    page = state.page
    article = rx.fragment(
        _problem(state.site.problem, "The mkdocs.yml of this documentation has a problem: "),
        _problem(page.problem, "This page is shown as it is written, because "),
        DocsArticle.create(
            html=page.html,
            reader_base=_reader_base(),
            base=base,
            title=page.title,
            on_open=capture_opened,
        ),
        _foot(state),
    )
    return rx.cond(page.path, article, rx.cond(is_shown, _no_page(state), skeleton_rows(10)))


def _reader_base() -> rx.Var[str]:
    namespace, kind, name = (route_param(one) for one in ("namespace", "kind", "name"))
    return rx.Var.create("/docs/") + (namespace + "/" + kind).lower() + "/" + name


def _no_page(state: type[ReaderState]) -> Component:
    moved = empty_state(
        "This page has moved",
        "It is now at another site.",
        link_button(state.moved_to, to=state.moved_to),
        icon="milestone",
    )
    return rx.cond(state.moved_to, moved, _missing(state))


def _missing(state: type[ReaderState]) -> Component:
    """Says what was not found, and captures `not-found` once per path.

    Source of the event: `TechDocsNotFound` of `@backstage/plugin-techdocs`.
    """
    entity = {name: route_param(name) for name in ("kind", "namespace", "name")}
    captured = capture_on_mount("not-found", route_location(), attributes=entity)
    return rx.fragment(
        rx.fragment(captured, key=state.shown),
        empty_state(
            "Documentation not found",
            state.missing,
            link_button("All documentation", to="/docs"),
            icon="file-question",
        ),
    )


def _problem(problem: rx.Var[str], before: str) -> Component:
    text = rx.el.p(
        before, problem, role="alert", class_name="bp-card bp-warning bp-techdocs-problem"
    )
    return rx.cond(problem, text)


def _toc(state: type[ReaderState]) -> Component:
    return rx.el.nav(
        rx.el.h2("On this page", id="bp-techdocs-toc"),
        DocsToc.create(rows=state.page.headings, on_open=capture_opened),
        aria_labelledby="bp-techdocs-toc",
        class_name="bp-techdocs-toc",
    )


def _foot(state: type[ReaderState]) -> Component:
    page, site = state.page, state.site
    edit = link(rx.icon("pencil", size=14, aria_hidden=True), "Edit this page", to=page.edit_url)
    report = ReportIssue.create(issue_url=site.issue_url, title=page.title, on_open=capture_opened)
    return rx.el.footer(
        rx.cond(
            (page.edit_url != "") | (site.issue_url != ""),  # ruff: ignore[compare-to-empty-string]
            rx.el.div(
                rx.cond(page.edit_url, edit),
                rx.cond(site.issue_url, report),
                class_name="bp-techdocs-feedback",
            ),
        ),
        rx.el.nav(
            rx.el.div(rx.foreach(page.before, _before)),
            rx.el.div(rx.foreach(page.after, _after)),
            aria_label="Pages beside this one",
            class_name="bp-techdocs-beside",
        ),
        class_name="bp-techdocs-foot",
    )


def _before(row: ObjectVar[LinkRow]) -> Component:
    return _beside("Previous", row)


def _after(row: ObjectVar[LinkRow]) -> Component:
    return _beside("Next", row)


def _beside(word: str, row: ObjectVar[LinkRow]) -> Component:
    return link(
        rx.el.span(word, class_name="bp-muted"),
        rx.el.strong(row.title),
        to=row.path,
        class_name="bp-techdocs-step",
    )
