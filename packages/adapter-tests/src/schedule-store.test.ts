import { createMemoryScheduleStore } from '@vwmp/core/memory';
import type { ScheduleRecord, ScheduleStore } from '@vwmp/core/ports';
import { noticesAll } from './notices.ts';
import { scheduleStoreSuite } from './schedule-store.ts';

noticesAll<ScheduleStore>(createMemoryScheduleStore, scheduleStoreSuite, [
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
