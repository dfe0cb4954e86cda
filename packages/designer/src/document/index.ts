export * from './edits.ts';
export { read } from './read.ts';
export { createDocumentStore, type DocumentState, type DocumentStore } from './store.ts';
export {
  dependenciesOf,
  freeId,
  idsOf,
  isObject,
  type Origin,
  type Path,
  positionOf,
  readEdge,
  stepOf,
  stepsOf,
  valueAt,
  writeEdge,
} from './value.ts';
