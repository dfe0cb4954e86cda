import { isRecord } from '../../language/path.ts';
import type { JsonValue } from '../../model/json.ts';
import type { ScheduleTrigger, WorkflowDocument } from '../../model/workflow.ts';
import type { ScheduleRecord } from '../../ports/schedule-store.ts';
import { jsonEqual } from '../../values/equal.ts';

/** What a document says of a schedule. The rest of its record is how far it has been carried out. */
export type WantedSchedule = Omit<ScheduleRecord, 'paused' | 'decided_until'>;

/** A schedule trigger as it is carried out, before it is known which schedule it is. */
type Terms = Omit<WantedSchedule, 'id'>;

/**
 * The schedules of a document, in its order. The id of one is made of its workflow, cron, time zone and, of those that are alike, a
 * number. One that is known keeps the number it has: so it stays the same when others come and go, or when its parameters change.
 *
 * @param known - the records of the workflow
 */
export function schedulesOf(
  workflowId: string,
  document: WorkflowDocument,
  known: readonly ScheduleRecord[] = [],
): WantedSchedule[] {
  const all = (document.triggers ?? []).flatMap((trigger) =>
    'schedule' in trigger ? [termsOf(workflowId, trigger)] : [],
  );
  const records = Map.groupBy(known, likeness);
  const ids = new Map<Terms, string>();
  for (const [kind, alike] of Map.groupBy(all, likeness)) {
    for (const [terms, { id }] of recognise(alike, records.get(kind) ?? [])) ids.set(terms, id);
  }
  const taken = new Set(ids.values());
  const next = new Map<string, number>();
  return all.map((terms) => {
    const id = ids.get(terms) ?? freeId(terms, taken, next);
    taken.add(id);
    return { id, ...terms };
  });
}

/** True where a schedule that is paused may as well be this trigger, which has no record: nothing but the order told them apart. */
export function mayBePaused(
  wanted: WantedSchedule,
  all: readonly WantedSchedule[],
  known: ReadonlyMap<string, ScheduleRecord>,
): boolean {
  return all.some((other) => {
    const record = known.get(other.id);
    return (
      record?.paused === true &&
      likeness(other) === likeness(wanted) &&
      !jsonEqual(record.parameters, other.parameters)
    );
  });
}

/**
 * Where the trigger of a schedule stands among those of a document.
 *
 * @param document - as it was read; it may have mistakes
 * @param known - the records of the workflow
 */
export function placeOf(
  { id, workflow_id }: Pick<ScheduleRecord, 'id' | 'workflow_id'>,
  document: unknown,
  known: readonly ScheduleRecord[],
): number | undefined {
  const all = isRecord(document) && Array.isArray(document.triggers) ? document.triggers : [];
  const places = [...all.keys()].filter((place) => isScheduleTrigger(all[place]));
  const triggers = places.map((place) => all[place] as unknown as ScheduleTrigger);
  const wanted = schedulesOf(workflow_id, { triggers } as unknown as WorkflowDocument, known);
  return places[wanted.findIndex((each) => each.id === id)];
}

function isScheduleTrigger(trigger: unknown): boolean {
  if (!isRecord(trigger)) return false;
  const { schedule, timezone = '' } = trigger;
  return typeof schedule === 'string' && typeof timezone === 'string';
}

function termsOf(workflowId: string, trigger: ScheduleTrigger): Terms {
  const { timezone = 'UTC', overlap = 'skip', catchup = 'none', parameters = {} } = trigger;
  const schedule = trigger.schedule.trim().replace(/\s+/g, ' ');
  return { workflow_id: workflowId, schedule, timezone, overlap, catchup, parameters };
}

/** What those have in common of which only a number tells which one is which. */
function likeness({ schedule, timezone }: Pick<Terms, 'schedule' | 'timezone'>): string {
  return `${schedule.toLowerCase()} ${timezone.toLowerCase()}`;
}

/** What a trigger is recognised by, the surest first. What is not goes by the order. */
const signs: readonly ((terms: Terms) => string)[] = [
  ({ overlap, catchup, parameters }) => sorted([overlap, catchup, parameters]),
  ({ parameters }) => sorted(parameters),
  () => '',
];

/** As JSON that does not depend on the order of keys. */
function sorted(value: JsonValue): string {
  return JSON.stringify(value, (_, item: JsonValue) =>
    isRecord(item) ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1))) : item,
  );
}

/** Says which triggers are which records, of some that are all alike. */
function recognise(
  triggers: readonly Terms[],
  records: readonly ScheduleRecord[],
): Map<Terms, ScheduleRecord> {
  const found = new Map<Terms, ScheduleRecord>();
  let left = [...records];
  for (const sign of signs) {
    if (left.length === 0) break;
    const known = Map.groupBy(left, sign);
    const wanted = Map.groupBy(
      triggers.filter((terms) => !found.has(terms)),
      sign,
    );
    for (const [key, same] of wanted) {
      const chosen = choose(known.get(key) ?? [], same.length);
      for (const [index, record] of chosen.entries()) found.set(same[index]!, record);
    }
    const taken = new Set(found.values());
    left = left.filter((record) => !taken.has(record));
  }
  return found;
}

/** So many records, by number. When some are left over, those that are paused stay: nobody has resumed them. */
function choose(records: readonly ScheduleRecord[], count: number): ScheduleRecord[] {
  const ordered = byNumber(records);
  const kept = new Set(ordered.toSorted((a, b) => Number(b.paused) - Number(a.paused)).slice(0, count));
  return ordered.filter((record) => kept.has(record));
}

/** No document has so many schedules that are alike. */
const highest = 1000;

function byNumber(records: readonly ScheduleRecord[]): ScheduleRecord[] {
  if (records.length < 2) return [...records];
  const left = new Map(records.map((record) => [record.id, record]));
  const ordered: ScheduleRecord[] = [];
  for (let number = 1; left.size > 0 && number <= highest; number++) {
    const record = left.get(idOf(records[0]!, number));
    if (!record) continue;
    ordered.push(record);
    left.delete(record.id);
  }
  return [...ordered, ...left.values()];
}

/** @param next - the number to begin with, by likeness */
function freeId(terms: Terms, taken: ReadonlySet<string>, next: Map<string, number>): string {
  const kind = likeness(terms);
  for (let number = next.get(kind) ?? 1; ; number++) {
    const id = idOf(terms, number);
    if (taken.has(id)) continue;
    next.set(kind, number + 1);
    return id;
  }
}

function idOf(terms: Pick<Terms, 'workflow_id' | 'schedule' | 'timezone'>, number: number): string {
  return `${terms.workflow_id}~${hash(`${likeness(terms)} ${number}`)}`;
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
