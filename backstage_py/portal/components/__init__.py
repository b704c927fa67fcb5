"""Components that every plugin's pages share: the portal's own, and those of any page."""

from backstage_py.portal.components.card_grid import card_grid
from backstage_py.portal.components.filter_drawer import filtered_list
from backstage_py.portal.components.highlighted_text import highlighted_text
from backstage_py.portal.components.markdown import markdown
from backstage_py.portal.components.message import warning
from backstage_py.portal.components.pager import page_sizes, pager
from backstage_py.portal.components.table import Column, Sort, data_table, name_cell
from backstage_py.portal.components.tabs import tab_bar
from backstage_py.portal.components.window_title import window_title
from backstage_py.ui.components import (
    Crumb,
    chip,
    code_block,
    empty_state,
    entries_table,
    field,
    figure,
    forbidden,
    info_card,
    link,
    link_button,
    live_controls,
    live_timer,
    page,
    page_header,
    ranking_list,
    search_field,
    skeleton_cards,
    skeleton_labels,
    skeleton_rows,
    skeleton_table,
    tag_list,
)

__all__ = [
    "Column",
    "Crumb",
    "Sort",
    "card_grid",
    "chip",
    "code_block",
    "data_table",
    "empty_state",
    "entries_table",
    "field",
    "figure",
    "filtered_list",
    "forbidden",
    "highlighted_text",
    "info_card",
    "link",
    "link_button",
    "live_controls",
    "live_timer",
    "markdown",
    "name_cell",
    "page",
    "page_header",
    "page_sizes",
    "pager",
    "ranking_list",
    "search_field",
    "skeleton_cards",
    "skeleton_labels",
    "skeleton_rows",
    "skeleton_table",
    "tab_bar",
    "tag_list",
    "warning",
    "window_title",
]
