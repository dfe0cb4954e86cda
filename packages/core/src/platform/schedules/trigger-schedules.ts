import type { WorkflowDocument } from '../../model/workflow.ts';
import type { ScheduleRecord } from '../../ports/schedule-store.ts';

/** What a document says of a schedule. The rest of its record is how far it has been carried out. */
export type WantedSchedule = Omit<ScheduleRecord, 'paused' | 'decided_until'>;

/**
 * The schedules of a document. The id of one is made of its workflow, cron, time zone and, of those that are alike, its
 * number: so it stays the same when others come and go, or when its parameters change.
 */
export function schedulesOf(workflowId: string, document: WorkflowDocument): WantedSchedule[] {
  const wanted = new Map<string, WantedSchedule>();
  for (const trigger of document.triggers ?? []) {
    if (!('schedule' in trigger)) continue;
    const { timezone = 'UTC', overlap = 'skip', catchup = 'none', parameters = {} } = trigger;
    const schedule = trigger.schedule.trim().replace(/\s+/g, ' ');
    let id: string;
    let number = 1;
    do {
      id = `${workflowId}~${hash(`${schedule.toLowerCase()} ${timezone.toLowerCase()} ${number++}`)}`;
    } while (wanted.has(id));
    wanted.set(id, { id, workflow_id: workflowId, schedule, timezone, overlap, catchup, parameters });
  }
  return [...wanted.values()];
}

const prime = 0x100000001b3n;

/** Forty bits of FNV-1a, in base 36: enough to tell the schedules of one workflow apart, and short enough to type. */
function hash(text: string): string {
  let sum = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text)) sum = BigInt.asUintN(64, (sum ^ BigInt(byte)) * prime);
  return BigInt.asUintN(40, sum ^ (sum >> 40n))
    .toString(36)
    .padStart(8, '0');
}
