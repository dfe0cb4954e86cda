export { type Command, executionTimer, timerKey, timerRun } from './command.ts';
export { isUndoing } from './conclude.ts';
export {
  compileDefinition,
  type Definition,
  type Edge,
  type RetryPolicy,
  type StepDefinition,
  splitEdge,
} from './definition.ts';
export { evolve, roundOf } from './evolve.ts';
export type { Input, InputOf } from './input.ts';
export {
  type ExecutionState,
  type Foreach,
  initialState,
  isSettled,
  type Phase,
  type Run,
  type StepState,
} from './state.ts';
export { isoTime } from './time.ts';
export { resume, type Transition, transition } from './transition.ts';
