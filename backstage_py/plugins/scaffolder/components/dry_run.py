"""The result of a template's dry run."""

import reflex as rx
from reflex.vars import ObjectVar
from reflex_base.components.component import Component

from backstage_py.plugins.scaffolder.components.run_parts import (
    output_links,
    output_texts,
    step_list,
)
from backstage_py.plugins.scaffolder.rows import DryRunRow, FileRow, LineRow
from backstage_py.portal.components import code_block


def dry_run_result(run: ObjectVar[DryRunRow]) -> Component:
    """The files, steps, log and output of a dry run."""
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
