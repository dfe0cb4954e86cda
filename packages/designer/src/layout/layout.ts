import { placeByDagre } from './dagre.ts';
import { placeLayers } from './place.ts';
import type { Direction, LayoutInput } from './types.ts';

/** Of a node on the canvas, in pixels. */
export const nodeSize = { width: 248, height: 72 } as const;

/** A place on the canvas, in pixels: the upper left corner. */
export interface Position {
  readonly x: number;
  readonly y: number;
}

/** From here on dagre takes longer than someone wants to wait: 0.7 s for 500 steps, 3.5 s for 2,000. */
const many = 250;

/** Places every node of a graph. The same graph always gets the same places. */
export function layOut(
  nodes: readonly { readonly id: string }[],
  edges: readonly { readonly from: string; readonly to: string }[],
  direction: Direction,
): Map<string, Position> {
  const down = direction === 'down';
  const { width, height } = nodeSize;
  const input: LayoutInput = {
    nodes: nodes.map(({ id }) => id),
    edges,
    size: down ? { across: width, along: height } : { across: height, along: width },
    gap: down ? { across: 40, along: 72 } : { across: 36, along: 88 },
  };
  const places = nodes.length > many ? placeLayers(input) : placeByDagre(input);
  return new Map(
    [...places].map(([id, { across, along }]) => [
      id,
      down
        ? { x: Math.round(across), y: Math.round(along) }
        : { x: Math.round(along), y: Math.round(across) },
    ]),
  );
}
