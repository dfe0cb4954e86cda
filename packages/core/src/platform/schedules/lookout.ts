import type { Clock } from '../../ports/clock.ts';
import type { ScheduleStore } from '../../ports/schedule-store.ts';
import type { WorkflowStore } from '../../ports/workflow-store.ts';
import { mentionsSchedule } from './mentions-schedule.ts';

export interface LookoutOptions {
  readonly workflows: Pick<WorkflowStore, 'get' | 'list'>;
  readonly schedules: Pick<ScheduleStore, 'list'>;
  readonly clock: Clock;
  /** How often records are looked for, which others may have made, in milliseconds. */
  readonly lookInterval: number;
  /** How often all documents are looked at, in milliseconds. */
  readonly followInterval: number;
  /** There is something for a scheduler to do, or nobody can say. Called once at most; must not reject. */
  found(): Promise<void>;
}

/**
 * Looks whether there is any schedule, as long as there is none: a scheduler and what reads cron take a program 50 KB of
 * code, and most have no schedule.
 */
export class Lookout {
  readonly #options: LookoutOptions;
  #state: 'new' | 'open' | 'closed' = 'new';
  #followAt = Number.NEGATIVE_INFINITY;
  #clearTimer: (() => void) | undefined;
  #underway: Promise<void> | undefined;

  constructor(options: LookoutOptions) {
    this.#options = options;
  }

  /** Begins to look, now and then until something is found. Idempotent. */
  open(): void {
    if (this.#state !== 'new') return;
    this.#state = 'open';
    this.#begin();
  }

  /** Others have changed something. */
  again(): void {
    // Before the first look has ended that one sees it.
    if (this.#state !== 'open' || !this.#clearTimer) return;
    this.#clearTimer();
    this.#begin();
  }

  /** Resolves when what was under way has ended. Idempotent. */
  async close(): Promise<void> {
    this.#state = 'closed';
    this.#clearTimer?.();
    await this.#underway;
  }

  /** True where a workflow has schedules, or may get some. */
  async concerns(workflowId: string): Promise<boolean> {
    const { workflows, schedules } = this.#options;
    const { results } = await schedules.list({ workflow_id: workflowId, limit: 1 });
    if (results.length > 0) return true;
    const workflow = await workflows.get(workflowId);
    return workflow !== undefined && mentionsSchedule(workflow.text);
  }

  #begin(): void {
    this.#underway = this.#look();
  }

  async #look(): Promise<void> {
    const { clock, lookInterval, followInterval, found } = this.#options;
    // A scheduler complains of what cannot be read, and tries again.
    const any = await this.#any().catch(() => true);
    if (this.#state !== 'open') return;
    if (any) {
      this.#state = 'closed';
      await found();
      return;
    }
    const at = clock.now() + Math.min(lookInterval, followInterval);
    this.#clearTimer?.();
    this.#clearTimer = clock.setTimer(at, () => this.#begin(), { background: true, elapsed: true });
  }

  async #any(): Promise<boolean> {
    const { schedules, clock, followInterval } = this.#options;
    const { results } = await schedules.list({ limit: 1 });
    if (results.length > 0) return true;
    const now = clock.now();
    // Too far away means that the clock was set back.
    if (now < this.#followAt && this.#followAt - now <= followInterval) return false;
    if (await this.#isMentioned()) return true;
    this.#followAt = clock.now() + followInterval;
    return false;
  }

  async #isMentioned(): Promise<boolean> {
    const { workflows } = this.#options;
    let cursor: string | undefined;
    do {
      const page = await workflows.list({ limit: 100, ...(cursor !== undefined && { cursor }) });
      if (this.#state === 'closed') return false;
      if (page.results.some(({ text }) => mentionsSchedule(text))) return true;
      cursor = page.next_cursor;
      // Others have their turn: there may be thousands.
      if (cursor !== undefined) await new Promise((resolve) => setImmediate(resolve));
    } while (cursor !== undefined);
    return false;
  }
}
