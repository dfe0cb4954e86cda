import { hasCode, VwmpError } from '../../errors.ts';
import { isoTime } from '../../machine/index.ts';
import type { ScheduleRecord } from '../../ports/schedule-store.ts';
import { Agenda } from './agenda.ts';
import { type CarryOutOptions, carryOut } from './carry-out.ts';
import { decidedTime, isTakenUp, isUnbegun, unbegun } from './decided.ts';
import { DocumentSchedules } from './document-schedules.ts';
import { explainSchedule, type ScheduleExplanation } from './explain.ts';
import { type Instants, readSchedule } from './instants.ts';
import { followInterval, refreshInterval, schedulers, unhintedInterval } from './intervals.ts';
import { mostMissed } from './judge.ts';
import type { SchedulerOptions } from './options.ts';
import { placeOf } from './trigger-schedules.ts';

/** Starts executions when their schedules say so. */
export interface Scheduler {
  /** Begins. What others have changed meanwhile is found by itself. Idempotent. */
  open(): Promise<void>;
  /** Begins nothing new, and resolves when what was under way has ended. Idempotent. */
  close(): Promise<void>;
  /**
   * To be called after a workflow was saved or removed: its schedules become what the document says. Works without `open`.
   * When it fails, an open scheduler tries again by itself.
   *
   * @param workflowId - undefined for all
   * @throws STORE_UNAVAILABLE
   */
  sync(workflowId?: string): Promise<void>;
  /** Nothing starts until {@link Scheduler.resume}. Idempotent. Works without `open`. @throws NOT_FOUND */
  pause(id: string): Promise<ScheduleRecord>;
  /** What was to start while it was paused is noted as missed. Idempotent. Works without `open`. @throws NOT_FOUND */
  resume(id: string): Promise<ScheduleRecord>;
  /**
   * Says what a schedule does and why. Works without `open`.
   *
   * @param options - `now` in milliseconds since 1970; `count` of each kind, 5 when not given
   * @throws NOT_FOUND
   */
  explain(id: string, options?: { now?: number; count?: number }): Promise<ScheduleExplanation>;
  /**
   * Says where the trigger of a schedule stands among those of a document of its workflow. Works without `open`.
   *
   * @param document - as it was read; it may have mistakes
   * @returns undefined where it has none
   */
  locate(id: string, document: unknown): Promise<number | undefined>;
}

/** Between two complaints, in milliseconds: when a store is away, every schedule fails. */
const quiet = 60_000;

/**
 * Makes a scheduler. Any number of them may work on the same stores, in one process or in many: each instant of each
 * schedule is decided once.
 */
export function createScheduler(options: SchedulerOptions): Scheduler {
  const { schedules, clock, logger, bus, storage } = options;
  const ends: ((() => void) | undefined)[] = [];
  const stopped = (): boolean => agenda.closed;
  const documents = new DocumentSchedules({ ...options, stopped });
  const carryOutOptions: CarryOutOptions = { ...options, documents, stopped, read: createReader() };
  let complainedAt = Number.NEGATIVE_INFINITY;

  const agenda = new Agenda({
    clock,
    keepAlive: options.keepAlive ?? false,
    // Where nobody tells of what others change, it is looked for.
    refreshInterval: storage?.onChange || bus?.onResume ? refreshInterval : unhintedInterval,
    followInterval: options.followInterval ?? followInterval,
    records: (workflowId) => documents.records(workflowId),
    follow: () => documents.followAll(),
    firstLook: (record) => firstLook(record, carryOutOptions.read),
    lookAfter: (id, memory) => carryOut(id, memory, carryOutOptions),
    complain(error, id) {
      if (stopped() && (hasCode(error, 'CLOSED') || hasCode(error, 'ENGINE_CLOSED'))) return;
      if (Math.abs(clock.now() - complainedAt) < quiet) return;
      complainedAt = clock.now();
      logger.log('warn', 'Schedules could not be looked after; they are tried again.', {
        ...(id !== undefined && { schedule_id: id }),
        error: error instanceof Error ? error.message : String(error),
      });
    },
  });

  const me = Math.random().toString(36);
  const listen = (begin: () => (() => void) | undefined): (() => void) | undefined => {
    try {
      return begin();
    } catch (error) {
      logger.log('warn', 'Schedules that others change are seen late.', { error: String(error) });
      return undefined;
    }
  };
  /** A hint: where it gets lost, others find out by themselves. */
  const tellOthers = (): void => {
    try {
      bus?.wake(schedulers, me);
    } catch (error) {
      logger.log('debug', 'Other schedulers could not be told of a change.', { error: String(error) });
    }
  };

  const read = async (id: string): Promise<ScheduleRecord> => {
    const record = await schedules.get(id);
    if (record) return record;
    throw new VwmpError('NOT_FOUND', `There is no schedule "${id}". A list shows the ids of all.`, {
      retryable: false,
    });
  };

  const changed = async (id: string): Promise<ScheduleRecord> => {
    const record = await read(id);
    agenda.changed(record);
    tellOthers();
    return record;
  };

  const sync = async (workflowId?: string): Promise<void> => {
    try {
      if (workflowId === undefined) await documents.followAll();
      else await documents.follow(workflowId);
      tellOthers();
      await agenda.changedAll(workflowId);
    } catch (error) {
      agenda.followSoon();
      throw error;
    }
  };

  return {
    async open() {
      if (agenda.closed)
        throw new VwmpError('CLOSED', 'The scheduler has been closed. Make a new one.', { retryable: false });
      if (ends.length > 0) return;
      ends.push(
        listen(() =>
          bus?.onWake(schedulers, (who) => {
            if (who !== me) agenda.hint();
          }),
        ),
        listen(() => storage?.onChange?.(() => agenda.hint())),
      );
      agenda.open();
    },
    async close() {
      for (const end of ends) end?.();
      await agenda.close();
    },
    sync,
    async pause(id) {
      const record = await read(id);
      if (!record.paused) await schedules.put({ ...record, paused: true, decided_until: unbegun });
      return changed(id);
    },
    async resume(id) {
      for (;;) {
        const record = await read(id);
        if (!record.paused) return changed(id);
        if (await passOver(record)) {
          await schedules.put({ ...record, paused: false, decided_until: unbegun });
        }
      }
    },
    async explain(id, { now = clock.now(), count = 5 } = {}) {
      const record = await read(id);
      const { results } = await schedules.fires(id, { limit: Math.min(Math.max(count, 1), 500) });
      return explainSchedule(record, carryOutOptions.read(record), results, now, count);
    },
    async locate(id, document) {
      const record = await schedules.get(id);
      if (!record) return undefined;
      // Someone may have edited the document from outside: the records are to be those of what it says now.
      await sync(record.workflow_id);
      const known: ScheduleRecord[] = [];
      for await (const each of documents.records(record.workflow_id)) known.push(each);
      return placeOf(record, document, known);
    },
  };

  /** Decides what was due while a schedule was paused. @returns false when it has to be looked at again */
  async function passOver(record: ScheduleRecord): Promise<boolean> {
    const { id, decided_until } = record;
    const now = clock.now();
    const from = Date.parse(decided_until);
    if (isUnbegun(record)) {
      await documents.begin(id);
      return false;
    }
    if (from >= now) return true;
    const instants = carryOutOptions.read(record);
    const next = instants.next(from);
    // What was taken up before the pause is carried out.
    if (next !== undefined && isTakenUp(from, next)) {
      await carryOut(id, agenda.memoryOf(id), carryOutOptions);
      return false;
    }
    const { instants: due } = instants.due(from, now, mostMissed);
    const fires = due.map((at) => ({
      schedule_id: id,
      at: isoTime(at),
      outcome: 'missed' as const,
      reason: 'The schedule was paused.',
      decided_at: isoTime(now),
    }));
    return schedules.decide(id, decided_until, decidedTime(now), fires);
  }
}

/** When to look at a schedule for the first time: at once where it takes more than this to say. */
function firstLook(record: ScheduleRecord, read: CarryOutOptions['read']): number {
  if (isUnbegun(record)) return 0;
  try {
    const from = Date.parse(record.decided_until);
    const next = read(record).next(from) ?? Number.POSITIVE_INFINITY;
    return record.paused && !isTakenUp(from, next) ? Number.POSITIVE_INFINITY : next;
  } catch {
    return 0;
  }
}

/**
 * Reads schedules and keeps the last one: mostly many fire at the same times, and one that was read takes 80 KB. To keep several in
 * a map made those that had left it survive in it, so to speak: with 1,000 schedules a process that had just started took 180 MB more.
 */
function createReader(): CarryOutOptions['read'] {
  let kept: { key: string; instants: Instants } | undefined;
  return ({ schedule, timezone }) => {
    const key = `${timezone} ${schedule}`;
    if (kept?.key !== key) kept = { key, instants: readSchedule(schedule, timezone) };
    return kept.instants;
  };
}
