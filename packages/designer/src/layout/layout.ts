// It brings the layout library, hence what draws a graph loads it when there is one to draw.
import { placeByDagre } from './dagre.ts';
import { placeLayers } from './place.ts';
import { type LayOut, type Layout, type LayoutInput, nodeSize, type Point, type Position } from './types.ts';

/** From here on dagre takes longer than someone wants to wait: 0.7 s for 500 steps, 3.5 s for 2,000. */
const many = 250;

/** Places every node of a graph: what a {@link LayOut} does. */
export function layOutGraph(...[nodes, edges, direction]: Parameters<LayOut>): Layout {
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
