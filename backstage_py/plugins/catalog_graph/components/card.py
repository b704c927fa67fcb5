"""The card on entity pages: the entity's neighbours."""

import reflex as rx
from reflex_base.components.component import Component

from backstage_py.plugins.catalog_graph.components.graph import entity_graph
from backstage_py.plugins.catalog_graph.state.graph_state import EntityGraphState
from backstage_py.portal.components import info_card, link, skeleton_rows
from backstage_py.portal.routes import route_param

_ADDRESSED = route_param("namespace") + "/" + route_param("kind") + "/" + route_param("name")


def entity_graph_card() -> Component:
    """The neighbours of the entity shown, each a link to its page."""
    graph = entity_graph(
        EntityGraphState.nodes,
        EntityGraphState.edges,
        opens_entity=True,
        label="Relations of this entity",
    )
    nothing = rx.el.p("No relations yet.", class_name="bp-muted")
    return info_card(
        "Relations",
        rx.cond(
            EntityGraphState.shown_path == _ADDRESSED,
            rx.fragment(
                rx.cond(EntityGraphState.edges, graph, nothing),
                link("View graph", to=EntityGraphState.address),
            ),
            skeleton_rows(),
        ),
        class_name="bp-card bp-catalog-graph-card",
    )
