"""The portal's parts in each of their states, for those who build pages of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import reflex as rx
from reflex.vars import ArrayVar
from reflex_base.components.component import Component

from backstage_py.portal.components import (
    Column,
    Crumb,
    Sort,
    chip,
    data_table,
    empty_state,
    field,
    figure,
    info_card,
    link,
    name_cell,
    page_header,
    ranking_list,
    skeleton_cards,
    skeleton_labels,
    skeleton_rows,
    skeleton_table,
    tag_list,
    warning,
)
from backstage_py.portal.connection import offline_notice
from backstage_py.portal.plugin import PageCard


@dataclass(frozen=True, slots=True)
class _Part:
    name: str
    summary: str
    owner: str
    tags: list[str]
    visits: str
    share: str


_ROWS = (
    _Part(
        "Departure Boards", "What shows on the boards", "Boards", ["speech", "led"], "412", "100%"
    ),
    _Part("Booking Service", "Sells seats", "Ticketing", ["python"], "187", "45%"),
    _Part("A name that is longer than its column is wide", "", "Rolling Stock", [], "9", "2%"),
)


def parts(_cards: Sequence[PageCard]) -> Component:
    """Each part in each state, with texts that fit and texts that do not."""
    return rx.el.div(
        _shown("Page header", _header(), _loading_header()),
        _shown("Table", _table(), skeleton_table(3)),
        _shown("Ranking list", _ranking()),
        _shown("Figures", _figures()),
        _shown("Chips", tag_list(rx.Var.create(["python", "sales", "tier-1", "pci"]), shown=2)),
        _shown("Empty", _empty()),
        _shown("Loading", skeleton_rows(3), skeleton_cards(3)),
        _shown("Does not work", warning("The catalog does not answer. Try again later.")),
        _shown("Offline", rx.el.div(offline_notice(), class_name="bp-settings-part-still")),
        _shown("Palette", rx.el.p("Press ", rx.el.kbd("Ctrl K"), " or ", rx.el.kbd("/"), ".")),
        _shown("Menu", _menu()),
        class_name="bp-stack bp-settings-parts",
    )


def _shown(title: str, *states: Component) -> Component:
    return info_card(title, *states, class_name="bp-card bp-stack")


def _header() -> Component:
    return page_header(
        "Departure Boards",
        subtitle="What passengers see on the platform.",
        kicker="component · service",
        crumbs=[Crumb("Catalog", "/catalog")],
        labels=[
            field("Owner", link("Boards", to="/catalog")),
            field("Lifecycle", chip("production")),
        ],
        actions=[rx.el.button("Edit", type="button", class_name="bp-button")],
    )


def _loading_header() -> Component:
    return page_header("departure-boards", labels=[skeleton_labels(2)])


def _table() -> Component:
    yes, no = rx.Var.create(True), rx.Var.create(False)
    sort = Sort(is_chosen=yes, is_descending=no, on_click=rx.console_log("sorted"))
    return data_table(
        [
            Column("Name", lambda row: name_cell(row.name, row.summary), rank=1, sort=sort),
            Column("Owner", lambda row: row.owner, width="160px"),
            Column("Tags", lambda row: tag_list(row.tags, shown=1), width="160px", rank=3),
        ],
        _rows(),
        label="Parts",
        key=lambda row: row.name,
    )


def _ranking() -> Component:
    return ranking_list(
        _rows(),
        name=lambda row: row.name,
        share=lambda row: row.share,
        value=lambda row: row.visits,
        label="Visits",
    )


def _rows() -> ArrayVar[list[_Part]]:
    return rx.Var.create(list(_ROWS)).to(ArrayVar[list[_Part]])


def _figures() -> Component:
    bad = rx.Var.create(True)
    return rx.el.ul(
        figure("Events", "36,828", "Since this process started."),
        figure("Dropped", "12", "The server's queue was full.", is_problem=bad),
        class_name="bp-figures",
    )


def _empty() -> Component:
    return empty_state(
        "Your catalog is empty",
        "Register a descriptor file, and its entities appear here.",
        rx.el.button("Register", type="button", class_name="bp-button bp-primary"),
    )


def _menu() -> Component:
    trigger = rx.el.button("More", type="button", class_name="bp-button", aria_haspopup="menu")
    return rx.menu.root(
        rx.menu.trigger(trigger),
        rx.menu.content(rx.menu.item("Inspect entity"), rx.menu.item("Unregister entity")),
    )
