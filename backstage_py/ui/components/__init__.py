"""Components that fit any page; their looks come from the stylesheet of the app around them."""

from backstage_py.ui.components.chip import chip, tag_list
from backstage_py.ui.components.code_block import code_block
from backstage_py.ui.components.empty_state import empty_state
from backstage_py.ui.components.entries import entries_table
from backstage_py.ui.components.figure import figure
from backstage_py.ui.components.forbidden import forbidden
from backstage_py.ui.components.header import Crumb, page_header
from backstage_py.ui.components.info_card import field, info_card
from backstage_py.ui.components.link import link, link_button
from backstage_py.ui.components.live_view import live_controls, live_timer
from backstage_py.ui.components.page import page
from backstage_py.ui.components.ranking import ranking_list
from backstage_py.ui.components.search_field import search_field
from backstage_py.ui.components.skeleton import (
    skeleton_cards,
    skeleton_labels,
    skeleton_rows,
    skeleton_table,
)

__all__ = [
    "Crumb",
    "chip",
    "code_block",
    "empty_state",
    "entries_table",
    "field",
    "figure",
    "forbidden",
    "info_card",
    "link",
    "link_button",
    "live_controls",
    "live_timer",
    "page",
    "page_header",
    "ranking_list",
    "search_field",
    "skeleton_cards",
    "skeleton_labels",
    "skeleton_rows",
    "skeleton_table",
    "tag_list",
]
