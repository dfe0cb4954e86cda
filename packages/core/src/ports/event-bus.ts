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
}
