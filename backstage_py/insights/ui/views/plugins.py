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
        "By everything that was captured in them.",
        lambda _grain, _query: TopPlugins(limit=SHOWN_ROWS),
        columns=(Column("pluginId", "Plugin"), EVENTS, USERS),
        drill={"pluginId": "pluginId"},
    ),
    Tile(
        "clicks",
        "Most clicked",
        "On the chosen route, or anywhere.",
        lambda _grain, query: TopClicks(route=query.more.get("route"), limit=SHOWN_ROWS),
        columns=(
            Column("subject", "What"),
            Column("to", "Leads to", "path"),
            Column("clicks", "Clicks", "number", is_measure=True),
        ),
        conditions=(is_("action", "click"),),
        drill={"subject": "subject", "to": "to"},
        chosen={"route": "routeRef"},
        empty="Nothing was clicked there in this time.",
    ),
    Tile(
        "routes",
        "Most used routes",
        "Choose one to see what is clicked there.",
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
        "Pages, cards and tabs, as their plugins declare them.",
        lambda _grain, _query: TopExtensions(limit=SHOWN_ROWS),
        columns=(Column("extension", "Extension"), Column("pluginId", "Plugin"), EVENTS, USERS),
        drill={"extension": "extension", "pluginId": "pluginId"},
    ),
    Tile(
        "pages",
        "Most seen pages",
        "By address, without query and hash.",
        lambda _grain, _query: TopPages(limit=SHOWN_ROWS),
        columns=(Column("path", "Page", "path"), VIEWED, USERS),
        conditions=NAVIGATED,
        drill={"path": "path"},
    ),
    Tile(
        "moves",
        "Ways from page to page",
        "Two pages that were seen one after the other in a visit.",
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
        "Where visits begin",
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
        "Where visits end",
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
