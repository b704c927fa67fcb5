"""The tiles of documentation and the catalog: what is read, and what nobody visits."""

from backstage_py.insights import NotFound, NotFoundReferrers, TopEntities, Unvisited, ViewsByOwner
from backstage_py.insights.ui.tiles import Column, Tile
from backstage_py.insights.ui.views.shared import (
    LOST,
    NAVIGATED,
    SHOWN_ROWS,
    USERS,
    VIEWED,
    is_,
)

TECHDOCS = "techdocs"

CONTENT = (
    Tile(
        "docs",
        "Most read documentation",
        "By entity.",
        lambda _grain, _query: TopEntities(plugin=TECHDOCS, limit=SHOWN_ROWS),
        columns=(
            Column("entityRef", "Of", "entity"),
            Column("owner", "Owner", "entity"),
            VIEWED,
            USERS,
        ),
        conditions=(*NAVIGATED, is_("pluginId", TECHDOCS)),
        drill={"entityRef": "entityRef"},
        empty="No documentation was read in this period.",
    ),
    Tile(
        "entities",
        "Most visited entities",
        "By visits to their catalog pages.",
        lambda _grain, _query: TopEntities(plugin="catalog", limit=SHOWN_ROWS),
        columns=(
            Column("entityRef", "Entity", "entity"),
            Column("owner", "Owner", "entity"),
            VIEWED,
            USERS,
        ),
        conditions=(*NAVIGATED, is_("pluginId", "catalog")),
        drill={"entityRef": "entityRef"},
    ),
    Tile(
        "owners",
        "By owner",
        "Visits to the entities each team owns, including their documentation.",
        lambda _grain, _query: ViewsByOwner(),
        columns=(
            Column("owner", "Owner", "entity"),
            VIEWED,
            USERS,
            Column("entities", "Entities", "number"),
        ),
        conditions=NAVIGATED,
    ),
    Tile(
        "unvisited",
        "Unused entities",
        "Catalog entities that nobody visited in this period.",
        lambda _grain, _query: Unvisited(limit=SHOWN_ROWS),
        columns=(Column("entityRef", "Entity", "entity"), Column("owner", "Owner", "entity")),
        empty="Every entity in the catalog was visited.",
    ),
    Tile(
        "not-found",
        "Not found",
        "Addresses without a page.",
        lambda _grain, _query: NotFound(limit=SHOWN_ROWS),
        columns=(
            Column("path", "Address"),
            Column("hits", "Times", "number", is_measure=True),
        ),
        conditions=LOST,
        drill={"path": "path"},
        empty="Every address led to a page.",
        is_whole=True,
    ),
    Tile(
        "referrers",
        "Referrers of missing pages",
        "The page that linked to a missing address; none means a bookmark or another site.",
        lambda _grain, _query: NotFoundReferrers(limit=SHOWN_ROWS),
        columns=(
            Column("path", "Address"),
            Column("referrer", "Came from", "path"),
            Column("hits", "Times", "number", is_measure=True),
        ),
        conditions=LOST,
        drill={"path": "path"},
        empty="Every address led to a page.",
    ),
)
