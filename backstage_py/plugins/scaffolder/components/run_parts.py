"""The parts that tasks and dry runs share: steps, links and texts."""

import reflex as rx
from reflex.vars import ObjectVar
from reflex_base.components.component import Component

from backstage_py.plugins.scaffolder.rows import OutputLinkRow, OutputTextRow, StepRow
from backstage_py.portal.components import link_button, markdown

_ICONS = {
    "completed": "circle-check",
    "failed": "circle-x",
    "cancelled": "circle-slash",
    "skipped": "circle-minus",
    "processing": "loader-circle",
}
_WORDS = {
    "open": "waiting",
    "processing": "running",
    "completed": "completed",
    "failed": "failed",
    "cancelled": "cancelled",
    "skipped": "skipped",
}


def step_list(steps: rx.Var[list[StepRow]]) -> Component:
    """The steps in their order, each with its state."""
    return rx.el.ol(rx.foreach(steps, _step), class_name="bp-scaffolder-run-steps")


def status_word(status: rx.Var[str]) -> Component:
    """The state of a run, with its icon."""
    return rx.el.span(
        _icon(status),
        rx.match(status, *_WORDS.items(), status),
        class_name="bp-scaffolder-run-status",
        data_status=status,
    )


def output_links(links: rx.Var[list[OutputLinkRow]]) -> Component:
    """The links of the run's output."""
    return rx.cond(links, rx.el.div(rx.foreach(links, _link), class_name="bp-actions"))


def output_texts(texts: rx.Var[list[OutputTextRow]]) -> Component:
    """The texts of the run's output."""
    return rx.foreach(texts, _text)


def _step(step: ObjectVar[StepRow]) -> Component:
    return rx.el.li(
        _icon(step.status),
        rx.el.div(
            rx.el.strong(step.name),
            rx.el.span(step.action, class_name="bp-muted"),
        ),
        rx.el.span(rx.match(step.status, *_WORDS.items(), step.status), class_name="bp-hidden"),
        rx.el.span(step.elapsed, class_name="bp-scaffolder-elapsed"),
        data_status=step.status,
        key=step.id,
    )


def _icon(status: rx.Var[str]) -> Component:
    return rx.el.span(
        rx.match(
            status,
            *((name, rx.icon(icon, size=20, aria_hidden=True)) for name, icon in _ICONS.items()),
            rx.icon("circle", size=20, aria_hidden=True),
        ),
        class_name="bp-scaffolder-run-icon",
    )


def _link(row: ObjectVar[OutputLinkRow]) -> Component:
    icon = rx.cond(
        row.is_entity,
        rx.icon("library", size=16, aria_hidden=True),
        rx.icon("external-link", size=16, aria_hidden=True),
    )
    look = rx.cond(row.is_entity, "bp-button bp-primary", "bp-button")
    return link_button(icon, row.title, to=row.url, class_name=look)


def _text(row: ObjectVar[OutputTextRow]) -> Component:
    return rx.el.section(
        rx.cond(row.title, rx.el.h2(row.title)),
        markdown(row.content),
        class_name="bp-card bp-scaffolder-output-text",
    )
