import { placeByDagre } from './dagre.ts';
import { placeLayers } from './place.ts';
import type { Direction, LayoutInput, Point } from './types.ts';

/** Of a node on the canvas, in pixels. */
export const nodeSize = { width: 248, height: 72 } as const;

/** A place on the canvas, in pixels: the upper left corner. */
export interface Position {
  readonly x: number;
  readonly y: number;
}

/** From here on dagre takes longer than someone wants to wait: 0.7 s for 500 steps, 3.5 s for 2,000. */
const many = 250;

/** Where everything stands on the canvas. */
export interface Layout {
  readonly positions: ReadonlyMap<string, Position>;
  /** By `from→to`: where a long edge passes, as long as its ends stand where the layout put them. */
  readonly routes: ReadonlyMap<string, readonly Position[]>;
}

/** Places every node of a graph. The same graph always gets the same places. */
export function layOutGraph(
  nodes: readonly { readonly id: string }[],
  edges: readonly { readonly from: string; readonly to: string }[],
  direction: Direction,
): Layout {
  const down = direction === 'down';
  const { width, height } = nodeSize;
  const input: LayoutInput = {
    nodes: nodes.map(({ id }) => id),
    edges,
    size: down ? { across: width, along: height } : { across: height, along: width },
    gap: down ? { across: 40, along: 72 } : { across: 36, along: 88 },
  };
  const { places, routes } =
    nodes.length > many
      ? { places: placeLayers(input), routes: new Map<string, Point[]>() }
      : placeByDagre(input);
  const turn = ({ across, along }: Point): Position =>
    down ? { x: Math.round(across), y: Math.round(along) } : { x: Math.round(along), y: Math.round(across) };
  return {
    positions: new Map([...places].map(([id, point]) => [id, turn(point)])),
    routes: new Map([...routes].map(([id, points]) => [id, points.map(turn)])),
  };
}

/** Only the places of {@link layOutGraph}. */
export function layOut(...given: Parameters<typeof layOutGraph>): ReadonlyMap<string, Position> {
  return layOutGraph(...given).positions;
}
