import type { Graph } from '../graph/index.ts';
import type { Arrangement, LayOut, Layout } from '../layout/index.ts';
import type { EditorState } from './editor.ts';

type Places = Pick<EditorState, 'positions' | 'routes'>;

/** Says where steps and edges are: by hand, else by the layout, which is made again only when the graph has another shape. */
export function createPlacing(layOut: LayOut): (graph: Graph, arrangement: Arrangement) => Places {
  let layout: Layout = { positions: new Map(), routes: new Map() };
  let shape = '';
  return (graph, { direction, moved }) => {
    const now = `${direction}\n${graph.nodes.map(({ id }) => id).join()}\n${graph.edges.map(({ id }) => id).join()}`;
    if (now !== shape) layout = layOut(graph.nodes, graph.edges, direction);
    shape = now;
    const { positions, routes } = layout;
    return {
      positions: new Map(graph.nodes.map(({ id }) => [id, moved[id] ?? positions.get(id) ?? { x: 0, y: 0 }])),
      // What was moved by hand has edges that run straight.
      routes: new Map([...routes].filter(([id]) => !id.split('→').some((end) => moved[end]))),
    };
  };
}
