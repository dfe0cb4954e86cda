import type { Fire, ScheduleRecord, ScheduleStore } from '../../ports/schedule-store.ts';
import { type Clearable, createGate, type Gate } from './gate.ts';
import { compareText, pageOf } from './page.ts';
import { later, sameInstant, withFires } from './schedules.ts';
import { snapshot } from './snapshot.ts';

interface Kept {
  schedule: ScheduleRecord;
  /** The oldest first. */
  fires: readonly Fire[];
}

/** Keeps schedules, and the newest fires of each, in the memory of the process. */
export function createMemoryScheduleStore(): ScheduleStore {
  const gate = createGate('schedule store', { close: async () => store.clear() });
  const store = scheduleStoreOf(gate);
  return store;
}

/** Makes the store as a part of a storage. */
export function scheduleStoreOf(gate: Gate): ScheduleStore & Clearable {
  const schedules = new Map<string, Kept>();

  return {
    open: gate.open,
    close: gate.close,
    clear: () => schedules.clear(),
    async get(id) {
      gate.check();
      return schedules.get(id)?.schedule;
    },
    async list(query = {}) {
      gate.check();
      const matching = [...schedules.values()]
        .map(({ schedule }) => schedule)
        .filter(({ workflow_id }) => query.workflow_id === undefined || workflow_id === query.workflow_id)
        .sort((a, b) => compareText(a.id, b.id));
      return pageOf(matching, ({ id }) => id, query, 'ascending');
    },
    async put(schedule) {
      gate.check();
      const before = schedules.get(schedule.id);
      const decided_until = later(schedule.decided_until, before?.schedule.decided_until);
      schedules.set(schedule.id, {
        schedule: snapshot({ ...schedule, decided_until }),
        fires: before?.fires ?? [],
      });
    },
    async remove(id) {
      gate.check();
      schedules.delete(id);
    },
    async decide(id, from, until, fires) {
      gate.check();
      const kept = schedules.get(id);
      if (!kept || !sameInstant(kept.schedule.decided_until, from)) return false;
      const decided_until = later(until, from);
      kept.schedule = snapshot({ ...kept.schedule, decided_until });
      kept.fires = withFires(kept.fires, fires.map(snapshot));
      return true;
    },
    async fires(id, query = {}) {
      gate.check();
      return pageOf((schedules.get(id)?.fires ?? []).toReversed(), ({ at }) => at, query, 'descending');
    },
  };
}
