import type { RunRef } from '../model/event.ts';
import type { Executions } from '../plugin/handler.ts';
import type { Starter } from './services.ts';

/** The executions that one execution starts, signals and waits for. */
export interface Relatives {
  /** What one attempt gets. */
  executions(starter: Starter): Executions;
  /** A run waits for that child from now on: its end is to be delivered as a `resume`. */
  await(ref: RunRef, executionId: string): void;
  /** Nobody waits for that child any more. */
  cancel(executionId: string): void;
  /** The execution has ended for good; attached children do not outlive it. */
  ended(): void;
}
