import { createMemoryEventBus } from '@vwmp/core/memory';
import type { EventBus } from '@vwmp/core/ports';
import { eventBusSuite } from './event-bus.ts';
import { noticesAll } from './notices.ts';

noticesAll<EventBus>(createMemoryEventBus, eventBusSuite, [
  [
    'wakes everybody',
    'whoever listens for that worker, and nobody else',
    (bus) => ({
      wake: (_worker, id) => bus.wake('everybody', id),
      onWake: (_worker, listener) => bus.onWake('everybody', listener),
    }),
  ],
  [
    'loses an event',
    'gets its events in order and no others',
    (bus) => ({ publish: (event) => void (event.seq === 2 || bus.publish(event)) }),
  ],
  ['wakes nobody', 'whoever listens for that worker', () => ({ wake: () => undefined })],
  [
    'goes on after the end of listening',
    'nothing comes after the end of listening',
    (bus) => ({
      onWake: (worker, listener) => {
        bus.onWake(worker, listener);
        return () => undefined;
      },
    }),
  ],
  [
    'lets a listener harm others',
    'a worker that throws when it is woken',
    (bus) => {
      const listeners: ((id: string) => void)[] = [];
      return {
        onWake: (worker, listener) => {
          listeners.push(listener);
          return bus.onWake(worker, listener);
        },
        wake: (_worker, id) => {
          for (const listener of listeners) listener(id);
        },
      };
    },
  ],
  [
    'gives every event to everybody',
    'gets its events in order and no others',
    (bus) => ({ subscribe: (_id, listener) => bus.subscribe(undefined, listener) }),
  ],
  [
    'goes on after the end of a subscription',
    'nothing comes after the end of a subscription',
    (bus) => ({
      subscribe: (id, listener) => {
        bus.subscribe(id, listener);
        return () => undefined;
      },
    }),
  ],
]);
