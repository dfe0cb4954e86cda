import type { RunRef } from '../model/event.ts';
import type { Executions, Secrets, Workspace } from '../plugin/handler.ts';
import type { Clock } from '../ports/clock.ts';
import type { ExecutionStore } from '../ports/execution-store.ts';
import type { ExecutionObserver } from './observer.ts';
import type { PayloadGuard } from './payload.ts';

/** What an execution gets from its engine. */
export interface ExecutionServices {
  readonly clock: Clock;
  readonly random: () => number;
  /** In milliseconds. */
  readonly gracePeriod: number;
  readonly concurrency: number;
  readonly payload: PayloadGuard;
  readonly workspace: Workspace;
  readonly store: ExecutionStore | undefined;
  readonly observers: Iterable<ExecutionObserver>[];
  readonly secrets: Secrets;
  warn(message: string, error: unknown): void;
  readonly executions: Executions;
  /** A step waits for that child; its end is to be delivered as a `resume`. */
  awaitChild(ref: RunRef, executionId: string): void;
  /** @param abandoned - it may be resumed later, so what belongs to it goes on existing */
  ended(abandoned: boolean): void;
}
