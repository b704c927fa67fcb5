/**
 * Draws the graph of entities as SVG. Every node is a link.
 *
 * What a click does is that of CatalogGraphPage and CatalogGraphCard of
 * @backstage/plugin-catalog-graph: in the page it makes the node the root, and with
 * shift it opens the entity's page; in the card it opens the entity's page.
 */
import { createElement, memo, useEffect, useId, useMemo, useRef } from "react";
import { Link, useHref, useNavigate } from "react-router";
import { pathAside, pathThrough } from "./curves.js";
import { LINE_HEIGHT, NODE_HEIGHT, placeGraph, shorten } from "./layout.js";
import { Viewport } from "./viewport.js";

const STEP = 60;
const ZOOM = 1.3;

/** How far along and how far aside of a direction a node stands from another one. */
const ARROWS = {
  ArrowLeft: (x, y) => [-x, Math.abs(y)],
  ArrowRight: (x, y) => [x, Math.abs(y)],
  ArrowUp: (x, y) => [-y, Math.abs(x)],
  ArrowDown: (x, y) => [y, Math.abs(x)],
};

const PANS = {
  ArrowLeft: [STEP, 0],
  ArrowRight: [-STEP, 0],
  ArrowUp: [0, STEP],
  ArrowDown: [0, -STEP],
};

/** The node that an arrow key leads to, or none. */
function nextNode(nodes, from, key) {
  const candidates = nodes
    .map((node) => [node, ...ARROWS[key](node.x - from.x, node.y - from.y)])
    .filter(([, along]) => along > 1)
    .sort(([, a, asideA], [, b, asideB]) => a + 2 * asideA - b - 2 * asideB);
  return candidates[0]?.[0];
}

const keyOf = (edge) => `${edge.source} ${edge.target}`;

/** The lines of all edges, and then their labels, which no line crosses. */
const Edges = memo(({ edges, curve, isVertical, arrow }) =>
  createElement(
    "g",
    { "aria-hidden": true },
    edges.map((edge) =>
      createElement("path", {
        key: keyOf(edge),
        d: (edge.isAside ? pathAside : pathThrough)(edge.points, { curve, isVertical }),
        className: "bp-catalog-graph-line",
        markerEnd: `url(#${arrow})`,
      }),
    ),
    edges.flatMap((edge) =>
      edge.labels.map((label, index) =>
        createElement(
          "text",
          {
            key: `${keyOf(edge)} ${label}`,
            x: edge.x,
            y: edge.y + (index - (edge.labels.length - 1) / 2) * LINE_HEIGHT,
            className: "bp-catalog-graph-label",
          },
          label,
        ),
      ),
    ),
  ),
);

const Node = memo(({ node, isFirst, opensEntity, choose }) => {
  const name = `${node.title}, ${node.kind}${node.is_missing ? ", missing" : ""}`;
  const left = node.x - node.width / 2;
  const top = node.y - NODE_HEIGHT / 2;
  const shared = {
    className: "bp-catalog-graph-node",
    "aria-label": name,
    "data-node": node.id,
    "data-kind": node.kind,
    "data-root": node.is_root || undefined,
    "data-missing": node.is_missing || undefined,
    tabIndex: isFirst ? 0 : -1,
  };
  const content = [
    createElement("title", { key: "title" }, name),
    createElement("rect", {
      key: "box",
      x: left,
      y: top,
      width: node.width,
      height: NODE_HEIGHT,
      rx: 8,
      className: "bp-catalog-graph-node-box",
    }),
    createElement("rect", {
      key: "mark",
      x: left + 1,
      y: top + 10,
      width: 3,
      height: NODE_HEIGHT - 20,
      rx: 1.5,
      className: "bp-catalog-graph-node-mark",
    }),
    createElement(
      "text",
      { key: "kind", x: left + 14, y: top + 17, className: "bp-catalog-graph-node-kind" },
      node.is_missing ? `${node.kind} · missing` : node.kind,
    ),
    createElement(
      "text",
      { key: "name", x: left + 14, y: top + 34, className: "bp-catalog-graph-node-title" },
      shorten(node.title),
    ),
  ];
  if (node.is_missing) return createElement("g", { ...shared, role: "img" }, content);
  return createElement(
    Link,
    {
      ...shared,
      to: opensEntity ? node.entity_path : node.graph_path,
      "aria-current": !opensEntity && node.is_root ? "true" : undefined,
      draggable: false,
      onClick: (event) => choose(node, event),
    },
    content,
  );
});

/** A function that stays the same and calls what was given last. */
function useLatest(handle) {
  const latest = useRef(handle);
  latest.current = handle;
  return useMemo(
    () =>
      (...values) =>
        latest.current(...values),
    [],
  );
}

/** Keys in the graph: arrows go from node to node, or move it; plus, minus and 0 scale it. */
function useKeys(viewport, placed) {
  return (event) => {
    const { key } = event;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const id = event.target.dataset?.node;
    if (key in ARROWS) {
      event.preventDefault();
      const from = placed.nodes.find((node) => node.id === id);
      if (!from) return viewport.current.pan(...PANS[key]);
      const next = nextNode(placed.nodes, from, key);
      const selector = next && `[data-node="${CSS.escape(next.id)}"]`;
      if (selector) event.currentTarget.querySelector(selector).focus({ preventScroll: true });
    } else if (key === "+" || key === "=") viewport.current.zoom(ZOOM);
    else if (key === "-") viewport.current.zoom(1 / ZOOM);
    else if (key === "0") viewport.current.fit();
  };
}

const button = (label, text, onClick) =>
  createElement(
    "button",
    { key: label, type: "button", className: "bp-button", "aria-label": label, onClick },
    text,
  );

function Controls({ viewport }) {
  return createElement(
    "div",
    { className: "bp-catalog-graph-controls" },
    button("Zoom in", "+", () => viewport.current.zoom(ZOOM)),
    button("Zoom out", "−", () => viewport.current.zoom(1 / ZOOM)),
    button("Fit", "Fit", () => viewport.current.fit()),
  );
}

/** What the lines say, for those who do not see them. */
function Relations({ nodes, edges }) {
  const titles = Object.fromEntries(nodes.map((node) => [node.id, node.title]));
  const sentences = edges.map(
    ({ source, target, labels }) => `${titles[source]}: ${labels.join(", ")}: ${titles[target]}`,
  );
  return createElement(
    "ul",
    { className: "bp-catalog-graph-unseen", "aria-label": "Relations" },
    sentences.map((sentence, index) => createElement("li", { key: index }, sentence)),
  );
}

export default function Drawing(props) {
  const { nodes, edges, direction, curve, opensEntity, label, onRoot, onOpen } = props;
  const svg = useRef();
  const pane = useRef();
  const viewport = useRef();
  const arrow = useId();
  const base = useHref("/").replace(/\/$/, "");
  const navigate = useNavigate();
  const placed = useMemo(() => placeGraph(nodes, edges, direction), [nodes, edges, direction]);
  const onKeyDown = useKeys(viewport, placed);

  useEffect(() => {
    viewport.current = new Viewport(svg.current, pane.current);
    return viewport.current.attach();
  }, []);
  useEffect(() => {
    viewport.current.show(
      placed,
      placed.nodes.find((node) => node.is_root),
    );
  }, [placed]);

  const choose = useLatest((node, event) => {
    const { shiftKey, ctrlKey, metaKey } = event;
    if (opensEntity) return onOpen(node.subject, node.entity_path);
    if (!shiftKey && !ctrlKey && !metaKey) return onRoot(node.subject);
    event.preventDefault();
    onOpen(node.subject, node.entity_path);
    if (shiftKey) navigate(node.entity_path);
    else window.open(base + node.entity_path, "_blank", "noopener");
  });
  const onFocus = (event) => {
    const node = placed.nodes.find(({ id }) => id === event.target.dataset?.node);
    if (!node) return;
    for (const each of pane.current.querySelectorAll("[data-node][tabindex='0']")) {
      each.setAttribute("tabindex", "-1");
    }
    event.target.setAttribute("tabindex", "0");
    if (event.target.matches(":focus-visible")) viewport.current.reveal(node);
  };

  const first = placed.nodes.find((node) => node.is_root)?.id ?? placed.nodes[0]?.id;
  const { isVertical } = placed;
  const picture = createElement(
    "svg",
    { ref: svg },
    createElement(
      "defs",
      null,
      createElement(
        "marker",
        {
          id: arrow,
          viewBox: "0 0 8 8",
          refX: 7.5,
          refY: 4,
          markerWidth: 8,
          markerHeight: 8,
          orient: "auto",
        },
        createElement("path", { d: "M0 0L8 4L0 8z", className: "bp-catalog-graph-arrow" }),
      ),
    ),
    createElement(
      "g",
      { ref: pane },
      createElement(Edges, { edges: placed.edges, curve, isVertical, arrow }),
      placed.nodes.map((node) =>
        createElement(Node, {
          key: node.id,
          node,
          isFirst: node.id === first,
          opensEntity,
          choose,
        }),
      ),
    ),
  );
  return createElement(
    "div",
    { className: "bp-catalog-graph" },
    createElement(
      "div",
      {
        className: "bp-catalog-graph-picture",
        role: "group",
        "aria-label": label,
        tabIndex: 0,
        onKeyDown,
        onFocus,
      },
      picture,
    ),
    createElement(Controls, { viewport }),
    createElement(Relations, { nodes, edges }),
  );
}
