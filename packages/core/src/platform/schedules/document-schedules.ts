import type { WorkflowDocument } from '../../model/workflow.ts';
import type { ScheduleRecord } from '../../ports/schedule-store.ts';
import type { WorkflowRecord } from '../../ports/workflow-store.ts';
import { jsonEqual } from '../../values/equal.ts';
import { decidedTime, unbegun } from './decided.ts';
import { readSchedule } from './instants.ts';
import { mentionsSchedule } from './mentions-schedule.ts';
import type { SchedulerOptions } from './options.ts';
import { mayBePaused, schedulesOf, type WantedSchedule } from './trigger-schedules.ts';

/** How long ago a workflow may have been saved for its schedules to begin with that moment, in milliseconds. */
const recent = 60_000;

export interface DocumentSchedulesOptions
  extends Pick<SchedulerOptions, 'workflows' | 'schedules' | 'clock' | 'logger' | 'parse' | 'glance'> {
  /** True when the process ends: nothing new is begun. */
  stopped(): boolean;
}

/** Makes the records of schedules follow the documents. */
export class DocumentSchedules {
  readonly #options: DocumentSchedulesOptions;
  /** Rev, and whether there were schedules, by workflow, when all were followed: reading a text takes a millisecond. */
  readonly #followed = new Map<string, string>();
  /** Revs of texts that were complained about, by workflow: once is enough. */
  readonly #complained = new Map<string, string>();

  constructor(options: DocumentSchedulesOptions) {
    this.#options = options;
  }

  /**
   * The records of one workflow.
   *
   * @param known - the workflow, where it has just been read
   * @returns true when something had to change
   */
  async follow(workflowId: string, known?: WorkflowRecord): Promise<boolean> {
    const { workflows } = this.#options;
    let changed = false;
    for (let workflow = known ?? (await workflows.get(workflowId)); ; ) {
      if (!(await this.#apply(workflowId, workflow))) return changed;
      changed = true;
      // Someone else may have followed a newer text meanwhile, which has just been undone.
      const { rev } = workflow ?? {};
      workflow = await workflows.get(workflowId);
      if (workflow?.rev === rev) return changed;
    }
  }

  /** @returns true when something had to change */
  async #apply(workflowId: string, workflow: WorkflowRecord | undefined): Promise<boolean> {
    const { schedules } = this.#options;
    const existing = new Map<string, ScheduleRecord>();
    for await (const record of this.records(workflowId)) existing.set(record.id, record);
    if (existing.size === 0 && !(workflow && mentionsSchedule(workflow.text))) return false;
    if (workflow && existing.size > 0 && (await this.#isFollowed(workflow, existing))) return false;
    const wanted = workflow ? await this.#wanted(workflow, [...existing.values()]) : [];
    // Of a text that is no workflow nothing can be said: what was there goes on.
    if (!wanted) return false;
    const ids = new Set(wanted.map(({ id }) => id));
    const removed = [...existing.values()].filter(({ id }) => !ids.has(id));
    // A paused schedule whose time is changed is another one, and stays paused.
    const paused = removed.length > 0 && removed.every((record) => record.paused);
    let changed = removed.length > 0;
    // First: until the others are changed they say whether these are to be paused.
    const anyPaused = [...existing.values()].some((record) => record.paused);
    for (const schedule of wanted.filter(({ id }) => !existing.has(id))) {
      changed = true;
      const doubtful = anyPaused && mayBePaused(schedule, wanted, existing);
      await schedules.put({ ...schedule, paused: paused || doubtful, decided_until: unbegun });
      await this.begin(schedule.id, workflow);
    }
    for (const schedule of wanted) {
      const record = existing.get(schedule.id);
      if (!record || !differs(record, schedule)) continue;
      changed = true;
      await schedules.put({ ...record, ...schedule, decided_until: unbegun });
    }
    // Last: until then they say which ones were paused.
    for (const { id } of removed) await schedules.remove(id);
    return changed;
  }

  /** Those of all workflows that have changed since the last time. A workflow that cannot be read does not hinder others. */
  async followAll(): Promise<void> {
    const { workflows } = this.#options;
    const known = new Set<string>();
    for await (const { workflow_id } of this.records()) known.add(workflow_id);
    let cursor: string | undefined;
    do {
      const page = await workflows.list({ limit: 100, ...(cursor !== undefined && { cursor }) });
      for (const workflow of page.results) {
        if (this.#options.stopped()) return;
        const { id, rev } = workflow;
        const hasRecords = known.delete(id);
        if (!hasRecords && !mentionsSchedule(workflow.text)) continue;
        const seen = `${rev} ${hasRecords}`;
        if (this.#followed.get(id) === seen) continue;
        if (!(await this.follow(id, workflow))) this.#followed.set(id, seen);
        await pause();
      }
      cursor = page.next_cursor;
    } while (cursor !== undefined);
    // What is left belongs to workflows that are gone.
    for (const id of known) {
      this.#followed.delete(id);
      await this.follow(id);
    }
  }

  /** Says from when on a new schedule fires, unless someone else has. */
  async begin(id: string, workflow?: Pick<WorkflowRecord, 'updated_at'>): Promise<void> {
    const { schedules, clock } = this.#options;
    const now = clock.now();
    const saved = workflow ? Date.parse(workflow.updated_at) : Number.NaN;
    const from = saved <= now && now - saved <= recent ? saved : now;
    await schedules.decide(id, unbegun, decidedTime(from), []);
  }

  /** Every record, or those of one workflow. */
  async *records(workflowId?: string): AsyncGenerator<ScheduleRecord> {
    let cursor: string | undefined;
    do {
      const page = await this.#options.schedules.list({
        limit: 500,
        ...(workflowId !== undefined && { workflow_id: workflowId }),
        ...(cursor !== undefined && { cursor }),
      });
      yield* page.results;
      cursor = page.next_cursor;
    } while (cursor !== undefined);
  }

  /** True when the records certainly are what the text says. Whether the text is a workflow does not matter: if not, they stay as they are. */
  async #isFollowed(
    { id, text }: WorkflowRecord,
    existing: ReadonlyMap<string, ScheduleRecord>,
  ): Promise<boolean> {
    const { glance } = this.#options;
    if (!glance) return false;
    try {
      const wanted = schedulesOf(id, (await glance(text)) as WorkflowDocument, [...existing.values()]);
      return (
        wanted.length === existing.size &&
        wanted.every((schedule) => {
          const record = existing.get(schedule.id);
          return record !== undefined && !differs(record, schedule);
        })
      );
    } catch {
      // It is no workflow, which reading it properly finds and says.
      return false;
    }
  }

  async #wanted(
    workflow: WorkflowRecord,
    known: readonly ScheduleRecord[],
  ): Promise<WantedSchedule[] | undefined> {
    if (workflow.problems) return undefined;
    const { parse, logger } = this.#options;
    const { id, rev } = workflow;
    try {
      const wanted = schedulesOf(id, await parse(workflow.text), known).filter(isReadable);
      this.#complained.delete(id);
      return wanted;
    } catch (error) {
      if (this.#complained.get(id) === rev) return undefined;
      this.#complained.set(id, rev);
      logger.log('warn', 'The schedules of a workflow stay as they were, as its document cannot be read.', {
        workflow_id: id,
        error: error instanceof Error ? error.message : String(error),
      });
      return undefined;
    }
  }
}

function isReadable({ schedule, timezone }: WantedSchedule): boolean {
  try {
    readSchedule(schedule, timezone);
    return true;
  } catch {
    return false;
  }
}

function differs(record: ScheduleRecord, wanted: WantedSchedule): boolean {
  return Object.entries(wanted).some(
    ([key, value]) => !jsonEqual(record[key as keyof ScheduleRecord], value),
  );
}

/** Lets others have their turn: reading thousands of documents takes a while. */
function pause(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
