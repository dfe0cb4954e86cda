export { type Layout, layOut, layOutGraph, nodeSize, type Position } from './layout.ts';
export {
  type Arrangement,
  type Keeper,
  keepArrangement,
  loadArrangement,
  moveSteps,
  renameInArrangement,
  tidy,
} from './positions.ts';
export type { Direction } from './types.ts';
