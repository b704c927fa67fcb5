/**
 * Draws the graph of entities with React Flow. Every node is a link.
 *
 * Clicks work as in CatalogGraphPage and CatalogGraphCard of
 * @backstage/plugin-catalog-graph: in the page it makes the node the root, and with
 * shift it opens the entity's page; in the card it opens the entity's page.
 */
import "@xyflow/react/dist/base.css";
import { Handle, MarkerType, Position, ReactFlow } from "@xyflow/react";
import { createContext, createElement, useContext, useEffect, useMemo, useRef, useState } from "react";
import { Link, useHref, useNavigate } from "react-router";
import { placeGraph } from "./layout.js";

/** Smaller text is unreadable: a larger graph opens around its root and can be moved. */
const MIN_ZOOM = 0.75;
const FIT = { padding: 0.06, minZoom: MIN_ZOOM, maxZoom: 1 };
const NARROW = "(max-width: 768px)";
const LOWEST = 180;

const SIDES = {
  LR: [Position.Right, Position.Left],
  RL: [Position.Left, Position.Right],
  TB: [Position.Bottom, Position.Top],
  BT: [Position.Top, Position.Bottom],
};
const LINES = { curveMonotoneX: "default", curveStepBefore: "smoothstep" };

/** The distance of a node from another one, along and across a direction. */
const ARROWS = {
  ArrowLeft: (x, y) => [-x, Math.abs(y)],
  ArrowRight: (x, y) => [x, Math.abs(y)],
  ArrowUp: (x, y) => [-y, Math.abs(x)],
  ArrowDown: (x, y) => [y, Math.abs(x)],
};

const Choosing = createContext(undefined);

const middleOf = (node) => [node.x + node.width / 2, node.y + node.height / 2];

/** The node that an arrow key leads to, or undefined. */
function nextNode(nodes, from, key) {
  const [x, y] = middleOf(from);
  const candidates = nodes
    .map((node) => {
      const [otherX, otherY] = middleOf(node);
      return [node, ...ARROWS[key](otherX - x, otherY - y)];
    })
    .filter(([, along]) => along > 1)
    .sort(([, a, asideA], [, b, asideB]) => a + 2 * asideA - b - 2 * asideB);
  return candidates[0]?.[0];
}

function useIsNarrow() {
  const [isNarrow, setNarrow] = useState(() => matchMedia(NARROW).matches);
  useEffect(() => {
    const query = matchMedia(NARROW);
    const look = () => setNarrow(query.matches);
    query.addEventListener("change", look);
    return () => query.removeEventListener("change", look);
  }, []);
  return isNarrow;
}

function EntityNode({ data: node, sourcePosition, targetPosition }) {
  const { opensEntity, choose } = useContext(Choosing);
  const shared = {
    className: "bp-catalog-graph-node",
    title: node.title,
    "data-node": node.id,
    "data-kind": node.kind,
    "data-root": node.is_root || undefined,
    "data-missing": node.is_missing || undefined,
  };
  const kind = node.is_missing ? `${node.kind} · missing` : node.kind;
  const content = [
    createElement("span", { key: "kind", className: "bp-catalog-graph-node-kind" }, kind),
    " ",
    createElement("span", { key: "title", className: "bp-catalog-graph-node-title" }, node.title),
  ];
  const handle = (type, position) => createElement(Handle, { key: type, type, position });
  const link = {
    ...shared,
    to: opensEntity ? node.entity_path : node.graph_path,
    "aria-current": !opensEntity && node.is_root ? "true" : undefined,
    draggable: false,
    onClick: (event) => choose(node, event),
  };
  return [
    handle("target", targetPosition),
    node.is_missing
      ? createElement("div", { key: "node", ...shared }, content)
      : createElement(Link, { key: "node", ...link }, content),
    handle("source", sourcePosition),
  ];
}

const NODE_TYPES = { entity: EntityNode };

function toFlow(placed, edges, direction, curve) {
  const [sourcePosition, targetPosition] = SIDES[direction];
  const nodes = placed.nodes.map((node) => ({
    id: node.id,
    type: "entity",
    position: { x: node.x, y: node.y },
    width: node.width,
    height: node.height,
    data: node,
    sourcePosition,
    targetPosition,
  }));
  const lines = edges.map(({ source, target, label }) => ({
    id: `${source} ${target}`,
    source,
    target,
    label,
    type: LINES[curve],
    markerEnd: { type: MarkerType.ArrowClosed, color: "var(--gray-9)" },
  }));
  return { nodes, edges: lines };
}

const button = (label, text, onClick) =>
  createElement(
    "button",
    { key: label, type: "button", className: "bp-button", "aria-label": label, onClick },
    text,
  );

function Controls({ flow, open }) {
  return createElement(
    "div",
    { className: "bp-catalog-graph-controls" },
    button("Zoom in", "+", () => flow.current.zoomIn()),
    button("Zoom out", "−", () => flow.current.zoomOut()),
    button("Fit", "Fit", open),
  );
}

/** The relations as text, for screen readers. */
function Relations({ nodes, edges }) {
  const titles = Object.fromEntries(nodes.map((node) => [node.id, node.title]));
  return createElement(
    "ul",
    { className: "bp-catalog-graph-unseen", "aria-label": "Relations" },
    edges.map(({ source, target, label }) =>
      createElement("li", { key: `${source} ${target}` }, `${titles[source]} ${label} ${titles[target]}`),
    ),
  );
}

export default function Drawing(props) {
  const { nodes, edges, curve, opensEntity, label, onRoot, onOpen } = props;
  const direction = useIsNarrow() ? "TB" : props.direction;
  const flow = useRef();
  const box = useRef();
  const base = useHref("/").replace(/\/$/, "");
  const navigate = useNavigate();
  const placed = useMemo(() => placeGraph(nodes, edges, direction), [nodes, edges, direction]);
  const drawn = useMemo(
    () => toFlow(placed, edges, direction, curve),
    [placed, edges, direction, curve],
  );

  /** Show the whole graph if it is readable then, else the part around the root. */
  const open = () => {
    const { width, height } = box.current.getBoundingClientRect();
    const room = 1 - 2 * FIT.padding;
    const isWhole = Math.min((width * room) / placed.width, (height * room) / placed.height) >= MIN_ZOOM;
    const root = placed.nodes.find((node) => node.is_root);
    if (isWhole || !root) flow.current.fitView(FIT);
    else flow.current.setCenter(...middleOf(root), { zoom: MIN_ZOOM });
  };
  useEffect(() => {
    if (flow.current) open();
  }, [placed]);

  const choose = (node, event) => {
    const { shiftKey, ctrlKey, metaKey } = event;
    if (opensEntity) return onOpen(node.subject, node.entity_path);
    if (!shiftKey && !ctrlKey && !metaKey) return onRoot(node.subject);
    event.preventDefault();
    onOpen(node.subject, node.entity_path);
    if (shiftKey) navigate(node.entity_path);
    else window.open(base + node.entity_path, "_blank", "noopener");
  };
  const nodeOf = (event) => placed.nodes.find(({ id }) => id === event.target.dataset?.node);
  const onKeyDown = (event) => {
    const from = nodeOf(event);
    if (!from || !(event.key in ARROWS) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const next = nextNode(placed.nodes, from, event.key);
    const selector = next && `[data-node="${CSS.escape(next.id)}"]`;
    if (selector) event.currentTarget.querySelector(selector).focus({ preventScroll: true });
  };
  const onFocus = (event) => {
    const node = nodeOf(event);
    if (!node || !event.target.matches(":focus-visible")) return;
    const [inner, outer] = [event.target, box.current].map((one) => one.getBoundingClientRect());
    const isShown =
      inner.left >= outer.left &&
      inner.right <= outer.right &&
      inner.top >= outer.top &&
      inner.bottom <= outer.bottom;
    if (!isShown) flow.current.setCenter(...middleOf(node), { zoom: flow.current.getZoom() });
  };

  const picture = createElement(ReactFlow, {
    ...drawn,
    nodeTypes: NODE_TYPES,
    onInit: (instance) => {
      flow.current = instance;
      open();
    },
    colorMode: "", // its classes `light` and `dark` are also Radix's: the portal sets them
    minZoom: 0.2,
    maxZoom: 2,
    nodesDraggable: false,
    nodesConnectable: false,
    nodesFocusable: false,
    edgesFocusable: false,
    elementsSelectable: false,
    disableKeyboardA11y: true,
    zoomOnScroll: false,
    zoomOnDoubleClick: false,
    preventScrolling: false,
    zoomActivationKeyCode: ["Control", "Meta"],
  });
  return createElement(
    Choosing.Provider,
    { value: { opensEntity, choose } },
    createElement(
      "div",
      {
        ref: box,
        className: "bp-catalog-graph",
        role: "group",
        "aria-label": label,
        style: { "--bp-graph-height": `${Math.max(LOWEST, Math.ceil(placed.height * 1.14))}px` },
        onKeyDown,
        onFocus,
      },
      picture,
      createElement(Controls, { flow, open }),
      createElement(Relations, { nodes, edges }),
    ),
  );
}
