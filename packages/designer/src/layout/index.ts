export {
  type Arrangement,
  type Keeper,
  keepArrangement,
  loadArrangement,
  moveSteps,
  renameInArrangement,
  tidy,
} from './positions.ts';
export { type Direction, type LayOut, type Layout, nodeSize, type Position } from './types.ts';
