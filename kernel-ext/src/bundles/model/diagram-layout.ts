import { Graph, layout } from '@dagrejs/dagre';
import type { Diagram } from './diagram';

export interface Point {
  x: number;
  y: number;
}

/** The upper left corners of the nodes, and the routes of the edges, in pixels. */
export interface DiagramLayout {
  width: number;
  height: number;
  /** By id. */
  corners: ReadonlyMap<string, Point>;
  edges: readonly (readonly Point[])[];
}

/** Lays a diagram out from top to bottom with few crossings (Gansner et al. 1993, by dagre). @param box size of a node in pixels */
export function diagramLayout(
  { nodes, edges }: Diagram,
  box: { width: number; height: number },
): DiagramLayout {
  const graph = new Graph<object, Point, { points: Point[] }>();
  graph.setGraph({ rankdir: 'TB', nodesep: 28, ranksep: 26, edgesep: 14 });
  graph.setDefaultEdgeLabel(() => ({ points: [] }));
  for (const { id } of nodes) graph.setNode(id, { ...box, x: 0, y: 0 });
  for (const [from, to] of edges) graph.setEdge(from, to);
  layout(graph as never);
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  const corners = nodes.map(({ id }) => {
    const { x, y } = graph.node(id);
    return [id, { x: x - box.width / 2, y: y - box.height / 2 }] as const;
  });
  return {
    width,
    height,
    corners: new Map(corners),
    edges: graph.edges().map((edge: { v: string; w: string }) => graph.edge(edge).points),
  };
}
