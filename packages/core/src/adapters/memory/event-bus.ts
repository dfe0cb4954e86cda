import type { ExecutionEvent } from '../../model/event.ts';
import type { EventBus } from '../../ports/event-bus.ts';
import type { Logger } from '../../ports/logger.ts';
import { createGate } from './gate.ts';
import { snapshot } from './snapshot.ts';

export interface MemoryEventBusOptions {
  /** Told of listeners that throw. */
  logger?: Logger;
}

type Listener = (event: ExecutionEvent) => void;

/** Carries events within the process, before `publish` returns. */
export function createMemoryEventBus(options: MemoryEventBusOptions = {}): EventBus {
  const { logger } = options;
  /** By execution; those of undefined get everything. Each subscription has a function of its own. */
  const listeners = new Map<string | undefined, Set<Listener>>();
  /** Published by a listener: it waits until everyone has had the event before. */
  const waiting: ExecutionEvent[] = [];
  const gate = createGate('event bus');
  let delivering = false;

  /** Each subscription has a function of its own. */
  const wakers = new Map<string, Set<(executionId: string) => void>>();

  const deliver = (event: ExecutionEvent): void => {
    const everyone = [...(listeners.get(event.execution_id) ?? []), ...(listeners.get(undefined) ?? [])];
    for (const listener of everyone) {
      try {
        listener(event);
      } catch (error) {
        const { execution_id, event: name } = event;
        logger?.log('error', 'A listener of the event bus threw.', { execution_id, event: name, error });
      }
    }
  };

  return {
    open: gate.open,
    async close() {
      listeners.clear();
      wakers.clear();
      waiting.length = 0;
      await gate.close();
    },
    publish(event) {
      gate.check();
      // Most executions have nobody who watches: nothing is copied then.
      if (!listeners.has(event.execution_id) && !listeners.has(undefined)) return;
      waiting.push(snapshot(event));
      if (delivering) return;
      delivering = true;
      for (let next = waiting.shift(); next; next = waiting.shift()) deliver(next);
      delivering = false;
    },
    subscribe(executionId, listener) {
      gate.check();
      let active = true;
      const own: Listener = (event) => {
        if (active) listener(event);
      };
      const group = listeners.get(executionId) ?? new Set();
      listeners.set(executionId, group.add(own));
      return () => {
        active = false;
        group.delete(own);
        if (group.size === 0 && listeners.get(executionId) === group) listeners.delete(executionId);
      };
    },
    wake(worker, executionId) {
      gate.check();
      for (const listener of [...(wakers.get(worker) ?? [])]) {
        try {
          listener(executionId);
        } catch (error) {
          logger?.log('error', 'A worker threw when it was woken.', {
            execution_id: executionId,
            worker,
            error,
          });
        }
      }
    },
    onWake(worker, listener) {
      gate.check();
      const own = (executionId: string): void => listener(executionId);
      const group = wakers.get(worker) ?? new Set();
      wakers.set(worker, group.add(own));
      return () => {
        group.delete(own);
        if (group.size === 0 && wakers.get(worker) === group) wakers.delete(worker);
      };
    },
    async ping() {
      gate.check();
    },
  };
}
