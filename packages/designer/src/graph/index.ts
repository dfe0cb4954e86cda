export { type Graph, type GraphEdge, type GraphNode, type Handlers, makeGraph } from './graph.ts';
export { isAt, type Marks, markSteps, noMarks, problemsAt } from './marks.ts';
