"""The page for writing and trying out a template. Source: `TemplateEditorPage` of Backstage."""

from collections.abc import Sequence
from importlib.resources import files

import reflex as rx
from reflex_base.components.component import Component

from backstage_py.plugins.scaffolder.components.dry_run import dry_run_result
from backstage_py.plugins.scaffolder.components.template_editor import TemplateEditor
from backstage_py.plugins.scaffolder.routes import ROOT
from backstage_py.plugins.scaffolder.state.editor_state import EditorState
from backstage_py.portal.components import Crumb, page, page_header
from backstage_py.portal.plugin import PageContent


def template_editor_page(_contents: Sequence[PageContent]) -> Component:
    """The text on the left, its form on the right, and the dry run below."""
    state = EditorState
    return page(
        page_header(
            "Template editor",
            subtitle="Write a template and try it. It is saved on your machine only.",
            crumbs=[Crumb("Create", ROOT.path)],
        ),
        TemplateEditor.create(
            rx.cond(state.tried, dry_run_result(state.dry_run)),
            example=_read_example(),
            user=state.user,
            owner_refs=state.owner_refs,
            template=state.template,
            problems=state.problems,
            checked=state.checked,
            is_stale=state.is_stale,
            form_problems=state.form_problems,
            ticket=state.ticket,
            message=rx.cond(state.unchecked, state.unchecked, state.message),
            is_busy=state.is_busy,
            tried=state.tried,
            on_check=EditorState.check,
            on_open=EditorState.forget_run,
            on_dry_run=EditorState.try_out,
        ),
    )


def _read_example() -> str:
    folder = files("backstage_py.plugins.scaffolder.components")
    return folder.joinpath("example_template.yaml").read_text(encoding="utf-8")
