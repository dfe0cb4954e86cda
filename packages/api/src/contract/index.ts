export { headerInputs, type OperationName, operations, splitOperation } from './operations.ts';
export type * from './wire.ts';
