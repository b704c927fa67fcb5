/** The layout of a graph: layers by dagre, around texts of known width. */
import dagre from "@dagrejs/dagre";

const NODE_HEIGHT = 46;
const LINE_HEIGHT = 14;
const WIDEST_TITLE = 200;
const PADDING = 14;
const MANY_EDGES = 100;

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
  const title = Math.min(ruler(node.title, "600 13px"), WIDEST_TITLE);
  const kind = ruler(node.is_missing ? `${node.kind} · missing` : node.kind, "500 11px");
  return Math.ceil(Math.max(title, kind)) + 2 * PADDING + 2;
}

/** The distance of each node from the roots, ignoring the direction of edges. */
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
 * The ends of an edge in the order of their layers; none if both are in one layer.
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

/** Places a graph: each node with its width, its height and its left upper corner. */
export function placeGraph(nodes, edges, direction) {
  const ruler = createRuler();
  const levels = edges.length > MANY_EDGES ? levelsOf(nodes, edges) : undefined;
  const graph = new dagre.graphlib.Graph();
  graph.setGraph({
    rankdir: direction,
    nodesep: 18,
    edgesep: 12,
    ranksep: 36,
    ranker: levels ? byDistance(levels) : "network-simplex",
  });
  for (const node of nodes) {
    graph.setNode(node.id, { width: widthOf(node, ruler), height: NODE_HEIGHT });
  }
  for (const edge of edges) {
    const ends = orderEnds(edge, levels);
    const size = { width: Math.ceil(ruler(edge.label, "400 11px")) + 8, height: LINE_HEIGHT };
    if (ends) graph.setEdge(...ends, { ...size, labelpos: "c" });
  }
  dagre.layout(graph);
  const { width, height } = graph.graph();
  const placed = nodes.map((node) => {
    const box = graph.node(node.id);
    return { ...node, ...box, x: box.x - box.width / 2, y: box.y - box.height / 2 };
  });
  return { width, height, nodes: placed };
}
