import { Graph as Layout, layout } from '@dagrejs/dagre';
import { type Badge, badgesOf } from './badges.ts';
import type { Graph, GraphNode } from './model.ts';

/** A step with its place, in pixels. */
export interface Box {
  node: GraphNode;
  badges: readonly (Badge & { width: number })[];
  /** Of the upper left corner. */
  x: number;
  y: number;
  width: number;
  height: number;
}

/** A dependency with the points it goes through. */
export interface Line {
  port: string | undefined;
  points: readonly { x: number; y: number }[];
  /** The middle of its label. */
  label: { x: number; y: number; width: number } | undefined;
}

/** Everything in its place. */
export interface Placed {
  boxes: readonly Box[];
  lines: readonly Line[];
  width: number;
  height: number;
}

/** Pixels a character takes, about: the fonts of the reader are not known here, so boxes have room to spare. */
const characterWidth = { title: 9.3, handler: 7.3, badge: 6.6, label: 6.6 };
const longestTitle = 30;

/**
 * Places steps in layers from top to bottom. By dagre: 46 KB bundled, where elkjs takes 1.6 MB; the layers of
 * workflows need no more.
 */
export function place(graph: Graph): Placed {
  const layers = new Layout({ multigraph: true });
  layers.setGraph({ rankdir: 'TB', nodesep: 36, ranksep: 64, edgesep: 24, marginx: 0, marginy: 0 });
  layers.setDefaultEdgeLabel(() => ({}));
  // Boxes of one level are of one height, so that they stand in a row.
  const tall = new Set(
    [...graph.nodes.values()].filter(({ step }) => badgesOf(step).length > 0).map(({ level }) => level),
  );
  for (const [id, node] of graph.nodes) layers.setNode(id, measure(node, tall.has(node.level)));
  for (const [id, { edges }] of graph.nodes) {
    edges.forEach(({ from, port }, at) => {
      const label =
        port === undefined
          ? {}
          : { width: port.length * characterWidth.label + 14, height: 20, labelpos: 'c' };
      layers.setEdge(from, id, { port, ...label }, String(at));
    });
  }
  layout(layers);
  const boxes = (layers.nodes() as string[]).map((id): Box => {
    const { node, badges, x, y, width, height } = layers.node(id) as unknown as Box;
    return { node, badges, x: x - width / 2, y: y - height / 2, width, height };
  });
  const byId = new Map(boxes.map((box) => [box.node.step.id, box]));
  const lines = (layers.edges() as Parameters<typeof layers.edge>[0][]).map((name): Line => {
    const edge = layers.edge(name) as unknown as Line & { x: number; y: number; width: number };
    const { v, w } = name as unknown as { v: string; w: string };
    const label = edge.port === undefined ? undefined : { x: edge.x, y: edge.y, width: edge.width };
    // To the next level nothing is in the way: the point that dagre puts between only bends the line.
    const direct = label === undefined && byId.get(w)!.node.level - byId.get(v)!.node.level === 1;
    const points = direct ? [] : edge.points;
    return { port: edge.port, points: route(points, byId.get(v)!, byId.get(w)!), label };
  });
  const { width = 0, height = 0 } = layers.graph() as { width?: number; height?: number };
  return { boxes, lines, width, height };
}

/** Out at the bottom of one box and in at the top of the other, a little towards where the line comes from or goes to. */
function route(points: Line['points'], from: Box, to: Box): Line['points'] {
  const inner = points.slice(1, -1);
  const at = ({ x, width }: Box, towards: number): number => {
    const middle = x + width / 2;
    const room = width / 2 - 24;
    return middle + Math.max(-room, Math.min(room, (towards - middle) * 0.25));
  };
  const start = { x: at(from, inner[0]?.x ?? to.x + to.width / 2), y: from.y + from.height };
  // The tip of the arrow touches the box without covering its border.
  const end = { x: at(to, inner.at(-1)?.x ?? from.x + from.width / 2), y: to.y - 1 };
  return [start, ...inner.filter(({ y }) => y > start.y + 8 && y < end.y - 8), end];
}

function measure(node: GraphNode, tall: boolean): Omit<Box, 'x' | 'y'> {
  const badges = badgesOf(node.step).map((badge) => ({
    ...badge,
    width: badge.text.length * characterWidth.badge + 14,
  }));
  const badgesWidth = badges.reduce((sum, badge) => sum + badge.width + 6, -6);
  const title = Math.min(longestTitle, titleOf(node).length) * characterWidth.title;
  const handler = Math.min(longestTitle, node.step.handler.length) * characterWidth.handler;
  const width = Math.ceil(Math.max(132, title, handler, badgesWidth) + 32);
  return { node, badges, width, height: tall ? 82 : 56 };
}

/** What stands in a box, cut to its width. */
export function titleOf({ step }: GraphNode): string {
  return shorten(step.name ?? step.id);
}

export function shorten(text: string): string {
  const characters = [...text];
  return characters.length > longestTitle ? `${characters.slice(0, longestTitle - 1).join('')}…` : text;
}
