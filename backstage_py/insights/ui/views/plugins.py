"""The tiles of plugins and pages: what is used and clicked, and the ways between."""

from backstage_py.insights import (
    Entries,
    Exits,
    Moves,
    TopClicks,
    TopExtensions,
    TopPages,
    TopPlugins,
    TopRoutes,
)
from backstage_py.insights.ui.tiles import Column, Tile
from backstage_py.insights.ui.views.shared import (
    EVENTS,
    NAVIGATED,
    SHOWN_ROWS,
    USERS,
    VIEWED,
    is_,
)

PLUGINS = (
    Tile(
        "plugins",
        "Most used plugins",
        "By number of captured events.",
        lambda _grain, _query: TopPlugins(limit=SHOWN_ROWS),
        columns=(Column("pluginId", "Plugin"), EVENTS, USERS),
        drill={"pluginId": "pluginId"},
    ),
    Tile(
        "clicks",
        "Most clicked",
        "On the selected route, or anywhere.",
        lambda _grain, query: TopClicks(route=query.more.get("route"), limit=SHOWN_ROWS),
        columns=(
            Column("subject", "What"),
            Column("to", "Destination", "path"),
            Column("clicks", "Clicks", "number", is_measure=True),
        ),
        conditions=(is_("action", "click"),),
        drill={"subject": "subject", "to": "to"},
        chosen={"route": "routeRef"},
        empty="No clicks in this period.",
    ),
    Tile(
        "routes",
        "Most used routes",
        "Select one to see its clicks.",
        lambda _grain, _query: TopRoutes(limit=SHOWN_ROWS),
        columns=(
            Column("routeRef", "Route", "route"),
            Column("pluginId", "Plugin"),
            EVENTS,
            USERS,
        ),
        drill={"routeRef": "routeRef", "pluginId": "pluginId"},
    ),
    Tile(
        "extensions",
        "Most used extensions",
        "Pages, cards and tabs that plugins declare.",
        lambda _grain, _query: TopExtensions(limit=SHOWN_ROWS),
        columns=(Column("extension", "Extension"), Column("pluginId", "Plugin"), EVENTS, USERS),
        drill={"extension": "extension", "pluginId": "pluginId"},
    ),
    Tile(
        "pages",
        "Most viewed pages",
        "By address, without query and fragment.",
        lambda _grain, _query: TopPages(limit=SHOWN_ROWS),
        columns=(Column("path", "Page", "path"), VIEWED, USERS),
        conditions=NAVIGATED,
        drill={"path": "path"},
    ),
    Tile(
        "moves",
        "Most common paths",
        "Pairs of pages viewed one after the other in a visit.",
        lambda _grain, _query: Moves(limit=SHOWN_ROWS),
        columns=(
            Column("from", "From", "path"),
            Column("to", "To", "path"),
            Column("moves", "Times", "number", is_measure=True),
            Column("sessions", "Visits", "number"),
        ),
        conditions=NAVIGATED,
        drill={"to": "path"},
    ),
    Tile(
        "entries",
        "Entry pages",
        "The first page of each visit.",
        lambda _grain, _query: Entries(limit=SHOWN_ROWS),
        columns=(
            Column("path", "Page", "path"),
            Column("sessions", "Visits", "number", is_measure=True),
        ),
        conditions=NAVIGATED,
        drill={"path": "path"},
    ),
    Tile(
        "exits",
        "Exit pages",
        "The last page of each visit.",
        lambda _grain, _query: Exits(limit=SHOWN_ROWS),
        columns=(
            Column("path", "Page", "path"),
            Column("sessions", "Visits", "number", is_measure=True),
        ),
        conditions=NAVIGATED,
        drill={"path": "path"},
    ),
)
