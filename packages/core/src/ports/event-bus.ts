import type { ExecutionEvent } from '../model/event.ts';
import type { Lifecycle } from './lifecycle.ts';

/**
 * Carries events to whoever watches, in this and other processes. Delivery is at most once and in order for each
 * execution: whoever must not miss one reads the store after what it last saw.
 */
export interface EventBus extends Lifecycle {
  /** Never throws because of a listener. What is published while events are delivered comes after them. */
  publish(event: ExecutionEvent): void;
  /**
   * @param executionId - of one execution, or undefined for all
   * @param listener - one that throws harms nobody else
   * @returns a function that ends the subscription; idempotent
   */
  subscribe(executionId: string | undefined, listener: (event: ExecutionEvent) => void): () => void;
  /**
   * Tells that events of other processes arrive from now on, for the first time or again after an outage: what was published before may be
   * lost. May tell for nothing. Missing where there are no other processes.
   *
   * @returns a function that ends it; idempotent
   */
  onResume?(listener: () => void): () => void;
  /**
   * Tells a worker, wherever it is, to look for messages to an execution that it owns: whoever listens under this name, in this process
   * and in others. A hint: it may get lost, or come twice.
   */
  wake(worker: string, executionId: string): void;
  /** @returns a function that ends it; idempotent */
  onWake(worker: string, listener: (executionId: string) => void): () => void;
  /** Resolves when events reach others now. @throws BUS_UNAVAILABLE */
  ping(): Promise<void>;
}
