/** Where the nodes and edges of a graph stand: layers by dagre, around texts of known width. */
import dagre from "@dagrejs/dagre";
import { BULGE } from "./curves.js";

export const NODE_HEIGHT = 46;
export const LINE_HEIGHT = 14;

const LONGEST_TITLE = 28;
const PADDING = 14;
const MARGIN = 16;
const MANY_EDGES = 100;

/** A text that fits into a node. */
export const shorten = (text) =>
  text.length > LONGEST_TITLE ? `${text.slice(0, LONGEST_TITLE - 1).trimEnd()}…` : text;

/** Widths of texts, in the font of the page. */
function createRuler() {
  const pen = document.createElement("canvas").getContext("2d");
  const family = getComputedStyle(document.body).fontFamily;
  return (text, font) => {
    pen.font = `${font} ${family}`;
    return pen.measureText(text).width;
  };
}

function widthOf(node, ruler) {
  const title = ruler(shorten(node.title), "600 13px");
  const kind = ruler(node.is_missing ? `${node.kind} · missing` : node.kind, "500 11px");
  return Math.ceil(Math.max(title, kind)) + 2 * PADDING;
}

/** The middle of the side of a box that faces a point, along the way the graph runs. */
function sideFacing(box, point, isVertical) {
  return isVertical
    ? [box.x, box.y + Math.sign(point.y - box.y) * (box.height / 2)]
    : [box.x + Math.sign(point.x - box.x) * (box.width / 2), box.y];
}

/** What an edge passes, from the side of one box to the side of the other. */
function routeOf(points, source, target, isVertical) {
  const between = points.slice(1, -1);
  return [
    sideFacing(source, between[0], isVertical),
    ...between.map(({ x, y }) => [x, y]),
    sideFacing(target, between.at(-1), isVertical),
  ];
}

/** Beside the boxes, for two nodes of one layer, or for one node and itself. */
function routeAside(source, target, isVertical) {
  const apart = source === target ? 10 : 0;
  const [start, end] = [-apart, apart].map((shift, index) => {
    const { x, y, width, height } = index === 0 ? source : target;
    return isVertical ? [x + shift, y + height / 2] : [x + width / 2, y + shift];
  });
  return [start, end];
}

/** How far each node is from the roots, whichever way the edges point. */
function levelsOf(nodes, edges) {
  const neighbours = new Map(nodes.map((node) => [node.id, []]));
  for (const { source, target } of edges) {
    neighbours.get(source).push(target);
    neighbours.get(target).push(source);
  }
  const queue = nodes.filter((node) => node.is_root).map((node) => node.id);
  const levels = new Map(queue.map((id) => [id, 0]));
  for (const id of queue) {
    for (const next of neighbours.get(id)) {
      if (levels.has(next)) continue;
      levels.set(next, levels.get(id) + 1);
      queue.push(next);
    }
  }
  return levels;
}

/** Dagre's layers by distance; there is one between two of them for the labels. */
const byDistance = (levels) => (graph) => {
  for (const id of graph.nodes()) graph.node(id).rank = 2 * (levels.get(id) ?? 0);
};

/**
 * The ends of an edge in the order of their layers; none if it stands aside.
 *
 * A small graph is layered the way its edges point. In a large one that makes edges
 * across many layers, which take seconds to place: there the layers are the distances
 * from the roots.
 */
function orderEnds({ source, target }, levels) {
  if (source === target) return undefined;
  const difference = levels ? levels.get(target) - levels.get(source) : 1;
  if (difference === 0) return undefined;
  return difference > 0 ? [source, target] : [target, source];
}

function sizeOf(edge, ruler) {
  const width = Math.max(0, ...edge.labels.map((label) => ruler(label, "400 11px")));
  return { width: Math.ceil(width) + 8, height: edge.labels.length * LINE_HEIGHT };
}

/** Where an edge and its label stand, in a graph that has been laid out. */
function placeEdge(edge, graph, levels, isVertical) {
  const [source, target] = [graph.node(edge.source), graph.node(edge.target)];
  const ends = orderEnds(edge, levels);
  if (!ends) {
    const points = routeAside(source, target, isVertical);
    const [[x, y], [otherX, otherY]] = points;
    const [aside, below] = isVertical ? [0, BULGE] : [BULGE, 0];
    const middle = { x: (x + otherX) / 2 + aside, y: (y + otherY) / 2 + below };
    return { ...edge, points, isAside: true, ...middle };
  }
  const { points, x, y } = graph.edge(...ends);
  const isForward = ends[0] === edge.source;
  const below = !isForward && edge.isPaired ? LINE_HEIGHT : 0;
  const route = routeOf(isForward ? points : points.toReversed(), source, target, isVertical);
  return { ...edge, points: route, x, y: y + below };
}

/**
 * Places a graph. Nodes get the middle of their box, edges the points they pass and
 * the middle of their label.
 */
export function placeGraph(nodes, edges, direction) {
  const ruler = createRuler();
  const levels = edges.length > MANY_EDGES ? levelsOf(nodes, edges) : undefined;
  const graph = new dagre.graphlib.Graph();
  graph.setGraph({
    rankdir: direction,
    nodesep: 18,
    edgesep: 12,
    ranksep: 36,
    marginx: MARGIN,
    marginy: MARGIN,
    ranker: levels ? byDistance(levels) : "network-simplex",
  });
  for (const node of nodes) {
    graph.setNode(node.id, { width: widthOf(node, ruler), height: NODE_HEIGHT });
  }
  for (const edge of edges) {
    const ends = orderEnds(edge, levels);
    if (ends) graph.setEdge(...ends, { ...sizeOf(edge, ruler), labelpos: "c" });
  }
  dagre.layout(graph);
  const { width, height } = graph.graph();
  const keys = new Set(edges.map((edge) => `${edge.source} ${edge.target}`));
  const isPaired = ({ source, target }) => keys.has(`${target} ${source}`);
  const isVertical = direction === "TB" || direction === "BT";
  return {
    width,
    height,
    isVertical,
    nodes: nodes.map((node) => ({ ...node, ...graph.node(node.id) })),
    edges: edges.map((edge) =>
      placeEdge({ ...edge, isPaired: levels && isPaired(edge) }, graph, levels, isVertical),
    ),
  };
}
