"""The graph, as a Reflex component."""

from collections.abc import Sequence
from typing import Any

from reflex.event import EventHandler, passthrough_event_spec
from reflex_base.components.component import Component, field
from reflex_base.vars.base import Var

from backstage_py.analytics import use_analytics
from backstage_py.plugins.catalog_graph.rows import EdgeRow, NodeRow
from backstage_py.ui.browser_module import browser_module


class EntityGraph(Component):
    """Draws nodes and edges; on an entity's page a click on a node opens its entity."""

    library = browser_module(__file__, "graph.js", "drawing.js", "layout.js")
    tag = "EntityGraph"
    lib_dependencies: list[str] = field(
        default_factory=lambda: ["@dagrejs/dagre@3.1.3", "@xyflow/react@12.12.1"],
        is_javascript_property=False,
    )

    nodes: Var[list[NodeRow]] = field(doc="What is joined.")

    edges: Var[list[EdgeRow]] = field(doc="What joins it.")

    direction: Var[str] = field(doc="LR, RL, TB or BT.")

    curve: Var[str] = field(doc="curveMonotoneX or curveStepBefore.")

    opens_entity: Var[bool] = field(doc="Whether a plain click opens the entity's page.")

    label: Var[str] = field(doc="What a screen reader calls it.")

    on_root: EventHandler[passthrough_event_spec(str)] = field(
        doc="A node becomes the root; gives its subject."
    )

    on_open: EventHandler[passthrough_event_spec(str, str)] = field(
        doc="A node's page is opened; gives its subject and where it leads."
    )


def entity_graph(
    nodes: Var[Sequence[NodeRow]],
    edges: Var[Sequence[EdgeRow]],
    *,
    direction: Any = "LR",
    curve: Any = "curveMonotoneX",
    opens_entity: bool = False,
    label: str = "Graph of relations",
) -> Component:
    """A graph whose clicks are captured: `click` with `to` only if it leads to an entity's page.

    Source of the events: `CatalogGraphPage` and `CatalogGraphCard` of
    `@backstage/plugin-catalog-graph`.
    """
    analytics = use_analytics()
    return EntityGraph.create(
        nodes=nodes,
        edges=edges,
        direction=direction,
        curve=curve,
        opens_entity=opens_entity,
        label=label,
        on_root=lambda subject: analytics.capture_event("click", subject),
        on_open=lambda subject, to: analytics.capture_event(
            "click", subject, attributes={"to": to}
        ),
    )
