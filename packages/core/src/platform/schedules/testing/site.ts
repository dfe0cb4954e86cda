import { createMemoryStorage } from '../../../adapters/memory/index.ts';
import { parseDocument, validateWorkflow } from '../../../language/index.ts';
import { isoTime } from '../../../machine/index.ts';
import type { LogLevel, StoredEvent } from '../../../model/event.ts';
import type { JsonObject } from '../../../model/json.ts';
import type { WorkflowDocument } from '../../../model/workflow.ts';
import type { ExecutionSummary, Origin } from '../../../ports/execution-store.ts';
import type { Fire, ScheduleRecord } from '../../../ports/schedule-store.ts';
import type { Storage } from '../../../ports/storage.ts';
import type { Started } from '../../platform.ts';
import type { ScheduledStart, SchedulerOptions } from '../options.ts';
import { createScheduler, type Scheduler } from '../scheduler.ts';
import { WallClock } from './wall-clock.ts';

export const minute = 60_000;
export const hour: number = 60 * minute;
/** A trigger that nothing is in the way of. */
export const hourly = { schedule: '0 * * * *', overlap: 'allow' } as const;

/** One start that a scheduler asked for. */
export interface AskedStart extends ScheduledStart {
  workflowId: string;
  parameters: JsonObject;
}

/** Reads and checks a document. @throws when it is none */
export function parse(text: string): WorkflowDocument {
  const { document, problems } = validateWorkflow(parseDocument(text));
  if (!document) throw new Error(problems.map(({ message }) => message).join(' '));
  return document;
}

/** The text of a workflow with these triggers. */
export function workflowText(id: string, triggers: readonly object[]): string {
  return JSON.stringify({ id, name: id, triggers, steps: [{ id: 'a', handler: 'core.set' }] });
}

/** Creates an execution in a storage, as a platform does; one that is there already is given back. */
export async function startIn(
  { executions }: Storage,
  id: string,
  now: number,
  workflowId: string,
  options: Pick<ScheduledStart, 'idempotencyKey' | 'concurrency'>,
): Promise<Started> {
  const existing = await executions.findByKey(workflowId, options.idempotencyKey);
  if (existing) return { execution_id: existing.id, created: false };
  const { concurrency } = options;
  const origin: Origin = { idempotency_key: options.idempotencyKey, ...(concurrency && { concurrency }) };
  const started: StoredEvent = {
    ...{ event: 'workflow_started', seq: 1, execution_id: id, timestamp: isoTime(now) },
    ...{ workflow_id: workflowId, workflow_version: '1.0.0', parameters: {} },
  };
  await executions.append({
    summary: summaryOf(id, workflowId, isoTime(now)),
    ...{ expected_seq: 0, epoch: 0, events: [started], origin },
    document: { name: workflowId, steps: [] },
  });
  return { execution_id: id, created: true };
}

/** Ends an execution. */
export async function endIn({ executions }: Storage, id: string, now: number): Promise<void> {
  const { workflow_id, started_at, seq, epoch } = (await executions.get(id))!;
  await executions.append({
    summary: {
      ...summaryOf(id, workflow_id, started_at),
      status: 'success',
      completed_at: isoTime(now),
    },
    ...{ expected_seq: seq, epoch, events: [] },
  });
}

function summaryOf(id: string, workflow_id: string, started_at: string): ExecutionSummary {
  return { id, workflow_id, workflow_version: '1.0.0', status: 'running', started_at };
}

/** Stores, a clock, and whatever schedulers a test makes on them. */
export class Site {
  readonly clock: WallClock;
  readonly storage: Storage;
  readonly asked: AskedStart[] = [];
  readonly logged: string[] = [];
  /** Replaced by tests in which starting fails. */
  beforeStart: (start: AskedStart) => void = () => {};
  #executions = 0;

  constructor(iso?: string) {
    this.clock = new WallClock(iso);
    this.storage = createMemoryStorage({ clock: this.clock });
  }

  get options(): SchedulerOptions {
    const { storage, clock } = this;
    return {
      ...{ workflows: storage.workflows, schedules: storage.schedules, executions: storage.executions },
      ...{ clock, parse },
      // Of a storage that tells of changes, and has no other processes.
      storage: { onChange: () => () => {} },
      logger: { log: (level: LogLevel, message: string) => void this.logged.push(`${level}: ${message}`) },
      start: async (workflowId, parameters, options) => {
        const asked = { workflowId, parameters, ...options };
        this.asked.push(asked);
        this.beforeStart(asked);
        return startIn(storage, `x${++this.#executions}`, clock.now(), workflowId, options);
      },
    };
  }

  async scheduler(options: Partial<SchedulerOptions> = {}): Promise<Scheduler> {
    await this.storage.open();
    const scheduler = createScheduler({ ...this.options, ...options });
    await scheduler.open();
    await this.clock.advance(0);
    return scheduler;
  }

  /** Saves a workflow with these triggers, over the one that is there. */
  async save(id: string, ...triggers: readonly object[]): Promise<void> {
    await this.saveText(id, workflowText(id, triggers));
  }

  async saveText(id: string, text: string): Promise<void> {
    await this.storage.open();
    const before = await this.storage.workflows.get(id);
    const draft = { id, name: id, type: 'generic', version: '0.1.0', text };
    await this.storage.workflows.save(draft, before?.rev);
  }

  async schedules(workflowId?: string): Promise<ScheduleRecord[]> {
    const query = workflowId === undefined ? {} : { workflow_id: workflowId };
    return (await this.storage.schedules.list({ limit: 500, ...query })).results;
  }

  async first(): Promise<ScheduleRecord> {
    const [record] = await this.schedules();
    if (!record) throw new Error('There is no schedule.');
    return record;
  }

  /** The oldest first. */
  async fires(id?: string): Promise<Fire[]> {
    const from = id ?? (await this.first()).id;
    return (await this.storage.schedules.fires(from, { limit: 500 })).results.toReversed();
  }

  /** `06:00 started`, the oldest first. */
  async told(id?: string): Promise<string[]> {
    return (await this.fires(id)).map(({ at, outcome }) => `${at.slice(11, 16)} ${outcome}`);
  }

  async end(id: string): Promise<void> {
    await endIn(this.storage, id, this.clock.now());
  }

  async active(): Promise<string[]> {
    const { results } = await this.storage.executions.list({ status: ['running'], limit: 500 });
    return results.map(({ id }) => id);
  }
}
