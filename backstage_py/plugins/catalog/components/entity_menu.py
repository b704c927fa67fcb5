"""The menu of an entity: copy its address, inspect it, remove it."""

import reflex as rx
from reflex.vars import ObjectVar
from reflex_base.components.component import Component

from backstage_py.plugins.catalog.rows import EntityChip
from backstage_py.plugins.catalog.state.entity_state import EntityState
from backstage_py.portal.components import code_block, field, link

_COPY_ADDRESS = "navigator.clipboard?.writeText(location.href)"


def entity_menu() -> Component:
    """The menu of the entity's page, and the dialogs that it opens."""
    trigger = rx.el.button(
        rx.icon("ellipsis-vertical", size=18, aria_hidden=True),
        type="button",
        class_name="bp-icon-button",
        aria_label="More",
    )
    return rx.fragment(
        rx.menu.root(
            rx.menu.trigger(trigger),
            rx.menu.content(
                rx.menu.item(
                    "Copy entity URL", on_select=[rx.call_script(_COPY_ADDRESS), EntityState.copied]
                ),
                rx.menu.item("Inspect entity", on_select=EntityState.inspect(True)),
                rx.cond(
                    EntityState.can_delete,
                    rx.menu.item("Unregister entity", on_select=EntityState.ask_to_leave(True)),
                ),
            ),
        ),
        _inspection(),
        _removal(),
    )


def _inspection() -> Component:
    details = EntityState.details
    tabs = {
        "Overview": _facts(),
        "Ancestry": _entities(details.ancestors, "It comes from the portal's configuration only."),
        "Colocated": _entities(details.colocated, "Its location provides nothing else."),
        "Raw YAML": code_block(details.as_yaml, label="Entity as YAML"),
        "Raw JSON": code_block(details.as_json, label="Entity as JSON"),
    }
    return rx.dialog.root(
        rx.dialog.content(
            rx.dialog.title("Entity inspector"),
            rx.dialog.description("Everything the catalog knows about ", details.row.ref),
            rx.tabs.root(
                rx.tabs.list(*(rx.tabs.trigger(title, value=title) for title in tabs)),
                *(
                    rx.tabs.content(content, value=title, class_name="bp-catalog-dialog-tab")
                    for title, content in tabs.items()
                ),
                default_value="Overview",
            ),
            rx.dialog.close(rx.el.button("Close", type="button", class_name="bp-button")),
            class_name="bp-dialog bp-catalog-wide-dialog",
        ),
        open=EntityState.is_inspected,
        on_open_change=EntityState.inspect,
    )


def _facts() -> Component:
    details = EntityState.details
    return rx.el.dl(
        field("Reference", details.row.ref),
        field("Location", details.location),
        field("Origin", details.origin),
        rx.foreach(details.labels, lambda label: field("Label " + label.key, label.value)),
        class_name="bp-fields bp-catalog-stacked",
    )


def _entities(chips: rx.Var[list[EntityChip]], nothing: str) -> Component:
    listed = rx.el.ul(rx.foreach(chips, _entity), class_name="bp-list")
    return rx.cond(chips, listed, rx.el.p(nothing, class_name="bp-muted"))


def _entity(chip: ObjectVar[EntityChip]) -> Component:
    return rx.el.li(link(chip.title, to=chip.path))


def _removal() -> Component:
    details = EntityState.details
    question = rx.match(
        rx.cond(EntityState.is_readonly, "readonly", details.removal),
        ("readonly", rx.el.p("The catalog is read-only in this portal.")),
        ("orphan", rx.el.p("No location provides this entity any more. You can delete it.")),
        (
            "location",
            rx.fragment(
                rx.el.p("Unregistering ", rx.el.code(details.origin), " removes:"),
                rx.el.ul(rx.foreach(details.colocated, _named), class_name="bp-list bp-scroll"),
            ),
        ),
        rx.el.p(
            "This entity comes from the portal's configuration (",
            rx.el.code(details.origin),
            "). Remove it there.",
        ),
    )
    verb = rx.cond(details.removal == "orphan", "Delete entity", "Unregister location")
    may = ~EntityState.is_readonly & (details.removal != "")  # ruff: ignore[compare-to-empty-string]
    return rx.dialog.root(
        rx.dialog.content(
            rx.dialog.title("Unregister ", details.row.title, "?"),
            question,
            rx.el.div(
                rx.dialog.close(rx.el.button("Cancel", type="button", class_name="bp-button")),
                rx.cond(
                    may,
                    rx.el.button(
                        verb,
                        type="button",
                        class_name="bp-button bp-catalog-danger",
                        on_click=EntityState.unregister,
                    ),
                ),
                class_name="bp-actions bp-dialog-actions",
            ),
            class_name="bp-dialog",
            aria_describedby=rx.Var("undefined"),
        ),
        open=EntityState.is_leaving,
        on_open_change=EntityState.ask_to_leave,
    )


def _named(chip: ObjectVar[EntityChip]) -> Component:
    return rx.el.li(chip.title)
