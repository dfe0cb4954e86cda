import {
  createMemoryAuditStore,
  createMemoryEventBus,
  createMemoryScheduleStore,
  createMemoryStorage,
  createMemoryWorkflowStore,
} from '@vwmp/core/memory';
import type {
  AuditStore,
  EventBus,
  Lifecycle,
  LogEntry,
  ScheduleRecord,
  ScheduleStore,
  Storage,
  WorkflowStore,
} from '@vwmp/core/ports';
import { describe } from 'vitest';
import { auditStoreSuite } from './audit-store.ts';
import { eventBusSuite } from './event-bus.ts';
import { notices, patched } from './notices.ts';
import { scheduleStoreSuite } from './schedule-store.ts';
import { storageSuites } from './storage.ts';
import type { Case, Subject } from './suite.ts';
import { workflowStoreSuite } from './workflow-store.ts';

type Flaw<T> = [flaw: string, noticed: string, breakIt: (adapter: T) => Partial<T>];

function noticesAll<T extends Lifecycle>(
  what: string,
  make: () => T,
  suite: (subject: Subject<T>) => readonly Case[],
  flaws: readonly Flaw<T>[],
): void {
  describe(what, () => {
    for (const [flaw, noticed, breakIt] of flaws) {
      const place = async () => ({ make: () => patched(make(), breakIt) });
      notices(flaw, noticed, suite({ patience: 500, place }));
    }
  });
}

noticesAll<WorkflowStore>('workflow store', createMemoryWorkflowStore, workflowStoreSuite, [
  [
    'saves over anything',
    'only what is based on the current rev',
    (store) => ({ save: async (draft) => store.save(draft, (await store.get(draft.id))?.rev) }),
  ],
  [
    'trims the text',
    'text is kept to the last character',
    (store) => ({ save: (draft, rev) => store.save({ ...draft, text: draft.text.trim() }, rev) }),
  ],
  [
    'removes whatever is there',
    'removing needs the current rev',
    (store) => ({ remove: async (id) => store.remove(id, (await store.get(id))!.rev) }),
  ],
  [
    'seeks with regard to case',
    'narrowed by type and by text',
    (store) => ({
      list: async (query) => {
        const page = await store.list(query);
        return { ...page, results: page.results.filter(({ text }) => text.includes(query?.q ?? '')) };
      },
    }),
  ],
]);

noticesAll<AuditStore>('audit store', createMemoryAuditStore, auditStoreSuite, [
  [
    'lists what came first before others',
    'what was added last comes first',
    (store) => ({
      list: async (query) => {
        const page = await store.list(query);
        return { ...page, results: page.results.toReversed() };
      },
    }),
  ],
  [
    'lists every subject',
    'found by their subject',
    (store) => ({ list: (query) => store.list({ ...query, subject: undefined }) }),
  ],
]);

noticesAll<ScheduleStore>('schedule store', createMemoryScheduleStore, scheduleStoreSuite, [
  [
    'lets everyone decide',
    'exactly one does',
    (store) => ({
      decide: async (id, from, until, fires) => {
        await store.decide(id, from, until, fires);
        return (await store.get(id)) !== undefined;
      },
    }),
  ],
  [
    'goes back to what was put',
    'what was decided stays so',
    (store) => {
      const put = new Map<string, ScheduleRecord>();
      return {
        put: async (schedule) => {
          put.set(schedule.id, schedule);
          await store.put(schedule);
        },
        get: async (id) => (await store.get(id)) && put.get(id),
      };
    },
  ],
  [
    'decides without noting the fires',
    'what became of instants is noted',
    (store) => ({ decide: (id, from, until) => store.decide(id, from, until, []) }),
  ],
  [
    'decides regardless of what was decided',
    'what was decided already',
    (store) => ({
      decide: async (id, _from, until, fires) =>
        store.decide(id, (await store.get(id))?.decided_until ?? until, until, fires),
    }),
  ],
  [
    'keeps few fires',
    'the newest thousand stay',
    (store) => ({
      fires: async (id, query) => {
        const page = await store.fires(id, query);
        return { ...page, count: Math.min(page.count, 100) };
      },
    }),
  ],
  [
    'lists the oldest fire first',
    'what became of instants is noted',
    (store) => ({
      fires: async (id, query) => {
        const page = await store.fires(id, query);
        return { ...page, results: page.results.toReversed() };
      },
    }),
  ],
  [
    'leaves a schedule when it is to be removed',
    'goes with its fires',
    () => ({ remove: async () => undefined }),
  ],
  [
    'lists every workflow',
    'lists are narrowed by workflow',
    (store) => ({ list: (query) => store.list({ ...query, workflow_id: undefined }) }),
  ],
]);

const group = (name: string) => (subject: Subject<Storage>) => storageSuites(subject)[name]!;

noticesAll<Storage>('log store', createMemoryStorage, group('logs'), [
  [
    'keeps what belongs to nothing',
    'that is not there are dropped',
    ({ logs }) => {
      const kept: LogEntry[] = [];
      return {
        logs: patched(logs, () => ({
          add: async (entries) => void kept.push(...entries),
          list: async (id) => {
            const results = kept.filter(({ execution_id }) => execution_id === id);
            return { results, count: results.length };
          },
        })),
      };
    },
  ],
  [
    'orders by time',
    'those added first before others',
    ({ logs }) => ({
      logs: patched(logs, () => ({
        list: async (id, query) => {
          const page = await logs.list(id, query);
          return { ...page, results: page.results.toSorted((a, b) => (a.timestamp < b.timestamp ? -1 : 1)) };
        },
      })),
    }),
  ],
  [
    'ignores levels',
    'narrowed by step and level',
    ({ logs }) => ({
      logs: patched(logs, () => ({ list: (id, query) => logs.list(id, { ...query, level: undefined }) })),
    }),
  ],
  [
    'adds one entry of several',
    'the same entry twice is two',
    ({ logs }) => ({ logs: patched(logs, () => ({ add: (entries) => logs.add(entries.slice(0, 1)) })) }),
  ],
  [
    'keeps the log of what was pruned',
    'until it is pruned',
    ({ logs }) => {
      const kept: LogEntry[] = [];
      return {
        logs: patched(logs, () => ({
          add: async (entries) => {
            kept.push(...entries);
            await logs.add(entries);
          },
          list: async (id, query) => {
            const page = await logs.list(id, query);
            const results = kept.filter(({ execution_id }) => execution_id === id);
            return { ...page, results, count: results.length };
          },
        })),
      };
    },
  ],
]);

noticesAll<Storage>('storage', createMemoryStorage, group('storage'), [
  [
    'opens each store by itself',
    'opening any store opens all',
    () => ({ schedules: createMemoryScheduleStore() }),
  ],
  [
    'leaves a store open',
    'closing any store closes all',
    (storage) => {
      const schedules = createMemoryScheduleStore();
      const open = () => Promise.all([storage.open(), schedules.open()]).then(() => undefined);
      return { schedules, open };
    },
  ],
  ['is there when it is not', 'ping before open', () => ({ ping: async () => undefined })],
]);

noticesAll<Storage>('maintenance', createMemoryStorage, group('maintenance'), [
  [
    'maintains what it does not declare',
    'there is nothing to maintain',
    () => ({ maintenance: {} as Storage['maintenance'] }),
  ],
]);

noticesAll<EventBus>('event bus', createMemoryEventBus, eventBusSuite, [
  [
    'wakes everybody',
    'whoever listens for that worker, and nobody else',
    (bus) => ({
      wake: (_worker, id) => bus.wake('everybody', id),
      onWake: (_worker, listener) => bus.onWake('everybody', listener),
    }),
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
