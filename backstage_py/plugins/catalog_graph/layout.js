/** Where the nodes and edges of a graph stand: layers by dagre, around texts of known width. */
import dagre from "@dagrejs/dagre";

export const NODE_HEIGHT = 46;
export const LINE_HEIGHT = 14;

const LONGEST_TITLE = 28;
const PADDING = 14;
const MANY_NODES = 120;

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

/**
 * Places a graph. Nodes get the middle of their box, edges the points they pass and
 * the middle of their label.
 */
export function placeGraph(nodes, edges, direction) {
  const ruler = createRuler();
  const graph = new dagre.graphlib.Graph({ multigraph: true });
  graph.setGraph({
    rankdir: direction,
    ranker: nodes.length > MANY_NODES ? "longest-path" : "network-simplex",
    nodesep: 18,
    edgesep: 12,
    ranksep: 36,
    marginx: 16,
    marginy: 16,
  });
  for (const node of nodes) {
    graph.setNode(node.id, { width: widthOf(node, ruler), height: NODE_HEIGHT });
  }
  for (const edge of edges) {
    const width = Math.max(0, ...edge.labels.map((label) => ruler(label, "400 11px")));
    const size = { width: Math.ceil(width) + 8, height: edge.labels.length * LINE_HEIGHT };
    graph.setEdge(edge.source, edge.target, { ...size, labelpos: "c" });
  }
  dagre.layout(graph);
  const { width, height } = graph.graph();
  return {
    width,
    height,
    nodes: nodes.map((node) => ({ ...node, ...graph.node(node.id) })),
    edges: edges.map((edge) => {
      const { points, x, y } = graph.edge(edge.source, edge.target);
      return { ...edge, points: points.map((point) => [point.x, point.y]), x, y };
    }),
  };
}
