import type { ScheduleRecord, ScheduleStore } from '@vwmp/core/ports';
import { lifecycleCases, type Uses } from './lifecycle.ts';
import { second } from './samples.ts';
import type { Case, Subject } from './suite.ts';

/** Everything that a {@link ScheduleStore} has to pass. */
export function scheduleStoreSuite(subject: Subject<ScheduleStore>): Case[] {
  const uses: Uses<ScheduleStore> = {
    get: (store) => store.get('s1'),
    list: (store) => store.list(),
    put: (store) => store.put(schedule('s1')),
    remove: (store) => store.remove('s1'),
    decide: (store) => store.decide('s1', second(0), second(1), []),
    fires: (store) => store.fires('s1'),
  };
  return lifecycleCases(subject, uses);
}

function schedule(id: string, changes: Partial<ScheduleRecord> = {}): ScheduleRecord {
  return {
    id,
    workflow_id: 'sample',
    schedule: '0 * * * *',
    timezone: 'Europe/Vienna',
    overlap: 'skip',
    catchup: 'last',
    parameters: { env: 'prod', text: 'ä "quoted" \u2028' },
    paused: false,
    decided_until: second(0),
    ...changes,
  };
}
