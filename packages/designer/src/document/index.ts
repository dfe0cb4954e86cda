// The functions of edits.ts are loaded when something can be edited: see `EditorOptions.edits`.
export type { Added, NewStep } from './edits.ts';
export type { Beside } from './history.ts';
export { read } from './read.ts';
export { createDocumentStore, type DocumentState, type DocumentStore } from './store.ts';
export { isWithin, places, type Unread } from './unread.ts';
export {
  closesCircle,
  dependenciesOf,
  freeId,
  idsOf,
  isObject,
  type Origin,
  type Path,
  pathOfStep,
  readEdge,
  stepOf,
  stepsOf,
  valueAt,
  writeEdge,
} from './value.ts';
