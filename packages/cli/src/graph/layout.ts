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
export const characterWidth = { title: 8.2, handler: 7.3, badge: 6.6, label: 6.6 };
const longestTitle = 30;

/**
 * Places steps in layers from top to bottom. By dagre: 46 KB bundled, where elkjs takes 1.6 MB; the layers of
 * workflows need no more.
 */
export function place(graph: Graph): Placed {
  const layers = new Layout({ multigraph: true });
  layers.setGraph({ rankdir: 'TB', nodesep: 36, ranksep: 52, edgesep: 24, marginx: 0, marginy: 0 });
  layers.setDefaultEdgeLabel(() => ({}));
  for (const [id, node] of graph.nodes) layers.setNode(id, measure(node));
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
  const lines = (layers.edges() as Parameters<typeof layers.edge>[0][]).map((name): Line => {
    const { port, points, x, y, width } = layers.edge(name) as unknown as Line & {
      x: number;
      y: number;
      width: number;
    };
    return { port, points, label: port === undefined ? undefined : { x, y, width } };
  });
  const { width = 0, height = 0 } = layers.graph() as { width?: number; height?: number };
  return { boxes, lines, width, height };
}

function measure(node: GraphNode): Omit<Box, 'x' | 'y'> {
  const badges = badgesOf(node.step).map((badge) => ({
    ...badge,
    width: badge.text.length * characterWidth.badge + 14,
  }));
  const badgesWidth = badges.reduce((sum, badge) => sum + badge.width + 6, -6);
  const title = Math.min(longestTitle, titleOf(node).length) * characterWidth.title;
  const handler = Math.min(longestTitle, node.step.handler.length) * characterWidth.handler;
  const width = Math.ceil(Math.max(132, title, handler, badgesWidth) + 32);
  return { node, badges, width, height: badges.length > 0 ? 82 : 56 };
}

/** What stands in a box, cut to its width. */
export function titleOf({ step }: GraphNode): string {
  return shorten(step.name ?? step.id);
}

export function shorten(text: string): string {
  const characters = [...text];
  return characters.length > longestTitle ? `${characters.slice(0, longestTitle - 1).join('')}…` : text;
}
