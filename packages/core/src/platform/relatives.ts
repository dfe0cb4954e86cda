import { checkDepth } from '../engine/children.ts';
import { shownKey } from '../engine/idempotency-key.ts';
import type { Relatives } from '../engine/relatives.ts';
import type { Starter } from '../engine/services.ts';
import type { RunRef } from '../model/event.ts';
import type { JsonObject, JsonValue } from '../model/json.ts';
import type { Executions } from '../plugin/handler.ts';
import type { ExecutionStore, Origin } from '../ports/execution-store.ts';
import { type Redactor, toJson } from '../values/index.ts';
import { isTooLate } from './read-execution.ts';

/** Why attached children are cancelled. */
export const startedByEnded = 'The execution that started it has ended.';
const notWaitedFor = 'The step that started it does not wait for it any more.';

export interface RelativesOptions {
  readonly id: string;
  readonly depth: number;
  readonly redactor: Redactor;
  readonly store: Pick<ExecutionStore, 'get'>;
  start(
    workflowId: string,
    parameters: JsonObject,
    options: {
      idempotencyKey: string;
      parent: NonNullable<Origin['parent']>;
      depth: number;
      redactor: Redactor;
    },
  ): Promise<string>;
  signal(executionId: string, signal: string, payload: JsonValue, key?: string): Promise<void>;
  /** What is being undone goes on. */
  cancel(executionId: string, reason: string): Promise<void>;
}

/** The relatives of an execution that is recorded: they may be worked on anywhere, and outlive this process. */
export class DurableRelatives implements Relatives {
  /** Children that are to end with it, and the runs that they tell of their end, as far as is known here. */
  readonly attached: Map<string, RunRef> = new Map();
  readonly #options: RelativesOptions;
  #ended = false;
  /** How many children each attempt has started. */
  #started: WeakMap<Starter, number> | undefined;

  constructor(options: RelativesOptions) {
    this.#options = options;
  }

  executions(starter: Starter): Executions {
    const { redactor, signal } = this.#options;
    return {
      start: (workflowId, parameters, options) =>
        this.#start(starter, workflowId, parameters, options?.attached === true),
      signal: (executionId, name, payload, { idempotencyKey: key } = {}) => {
        const clean = redactor.redactData(toJson(payload));
        return signal(executionId, redactor.text(name), clean, key && shownKey(key, redactor));
      },
    };
  }

  /** The end of a child comes as a message. */
  await(): void {}

  /** When that fails, or a crash comes before, it is cancelled when the execution ends. */
  cancel(executionId: string): void {
    this.#cancelOwn(executionId).catch(() => {});
  }

  /** Handlers may wait for whatever they like. */
  async #cancelOwn(executionId: string): Promise<void> {
    if (!this.attached.has(executionId)) {
      const parent = (await this.#options.store.get(executionId))?.origin?.parent;
      if (parent?.execution_id !== this.#options.id || !parent.attached) return;
    }
    await this.#cancel(executionId, notWaitedFor);
  }

  /** Those that are known are told by messages that are recorded together with the end. */
  ended(): void {
    this.#ended = true;
  }

  /** The attempt that started them was given up for good, and nobody knows of them. */
  async cancelAttached(): Promise<void> {
    this.#ended = true;
    await Promise.all([...this.attached.keys()].map((child) => this.#cancel(child)));
  }

  async #cancel(child: string, reason = startedByEnded): Promise<void> {
    await this.#options.cancel(child, reason).catch((error: unknown) => {
      if (!isTooLate(error)) throw error;
    });
  }

  async #start(
    starter: Starter,
    workflowId: string,
    parameters: JsonObject,
    attached: boolean,
  ): Promise<string> {
    const { id, depth, redactor, start } = this.#options;
    checkDepth(workflowId, depth);
    this.#started ??= new WeakMap();
    const count = this.#started.get(starter) ?? 0;
    this.#started.set(starter, count + 1);
    const { ref, attempt, index, waits = 0, compensation = false } = starter;
    // The same after a crash, so that an attempt that is run again finds the child that it had started.
    const part = compensation ? ['undo'] : waits > 0 ? [waits] : [];
    const idempotencyKey = ['child', id, ref.step_id, index ?? '', attempt, count, ...part].join(':');
    const parent = { execution_id: id, ...ref, attached };
    const child = await start(workflowId, parameters, { idempotencyKey, parent, depth: depth + 1, redactor });
    if (attached) this.attached.set(child, ref);
    // Starting takes a while, and whoever asked for it may have been given up meanwhile.
    if (attached && this.#ended) await this.#cancel(child);
    return child;
  }
}
