import type { VwmpError } from '../errors.ts';
import type { RunRef } from '../model/event.ts';
import type { Execution } from '../model/execution.ts';
import type { JsonObject, JsonValue } from '../model/json.ts';
import type { Executions } from '../plugin/handler.ts';
import { createRedactor, type Redactor, toJson } from '../values/index.ts';
import { shownKey } from './idempotency-key.ts';
import { permanent } from './permanent.ts';
import type { Relatives } from './relatives.ts';

/** How deep workflows may call workflows, so that one that calls itself ends. */
const deepest = 32;

/** How many executions of one family may run at a time, so that one that starts several of itself ends too. */
const mostLiving = 10_000;

/** After so many starts the event loop gets its turn. */
const startsInARow = 64;

/** What an execution has from the one that started it. */
export interface Lineage {
  /** How many workflows called each other to get here. */
  readonly depth: number;
  /** Its own. What is secret to an execution is so to those that it starts and signals, as it may pass secrets on; not the other way round. */
  readonly redactor: Redactor;
  /** Shared by all that one execution has led to. */
  readonly family: { living: number; started: number };
}

export function firstOfItsFamily(): Lineage {
  return { depth: 0, redactor: createRedactor(), family: { living: 0, started: 0 } };
}

/** What the children of an execution need of the engine. */
export interface ChildHost {
  start(
    workflowId: string,
    parameters: JsonObject,
    lineage: Lineage,
  ): Promise<{ id: string; result: Promise<Execution> }>;
  signal: Executions['signal'];
  cancel(executionId: string): void;
  /** Does nothing when the run does not wait for this child (any more). */
  resume(ref: RunRef, childId: string, payload: JsonValue): void;
}

/** The executions that one execution has started, and those that it waits for. */
export class Children implements Relatives {
  readonly #host: ChildHost;
  readonly #lineage: Lineage;
  readonly #attached = new Map<string, Promise<Execution>>();
  #ended = false;

  constructor(host: ChildHost, lineage: Lineage) {
    this.#host = host;
    this.#lineage = lineage;
  }

  readonly #executions: Executions = {
    start: (workflowId, parameters, options) =>
      this.#start(workflowId, parameters, options?.attached === true),
    signal: (executionId, signal, payload, { idempotencyKey: key } = {}) => {
      const { redactor } = this.#lineage;
      const clean = redactor.redactData(toJson(payload));
      return this.#host.signal(executionId, redactor.text(signal), clean, {
        idempotencyKey: key && shownKey(key, redactor),
      });
    },
  };

  executions(): Executions {
    return this.#executions;
  }

  async #start(workflowId: string, parameters: JsonObject, attached: boolean): Promise<string> {
    const { depth, family, redactor } = this.#lineage;
    checkDepth(workflowId, depth);
    if (family.living >= mostLiving) {
      throw notStarted(workflowId, `${mostLiving} executions that led to each other are running`);
    }
    family.living++;
    if (++family.started % startsInARow === 0) await new Promise((resolve) => setImmediate(resolve));
    const started = this.#host.start(workflowId, parameters, {
      depth: depth + 1,
      redactor: createRedactor(redactor.known),
      family,
    });
    const ended = (): void => {
      family.living--;
    };
    started.then(({ result }) => result).then(ended, ended);
    const { id, result } = await started;
    if (attached) this.#attached.set(id, result);
    // Starting takes a while, and whoever asked for it may have been given up meanwhile.
    if (attached && this.#ended) this.#host.cancel(id);
    return id;
  }

  /** Tells the waiting run when its child has ended, however it ended. */
  await(ref: RunRef, executionId: string): void {
    const result = this.#attached.get(executionId);
    if (!result) return this.#host.resume(ref, executionId, lost(executionId));
    // Once it is told, nothing of the child is held: a foreach may have started a million of them.
    const tell = (payload: JsonValue): void => {
      this.#attached.delete(executionId);
      this.#host.resume(ref, executionId, payload);
    };
    result.then(
      (child) => tell(summary(child)),
      (error: unknown) => tell(lost(executionId, error)),
    );
  }

  /** Makes a child known that was started before a crash. */
  attach(executionId: string, result: Promise<Execution>): void {
    this.#attached.set(executionId, result);
  }

  cancel(executionId: string): void {
    if (this.#attached.delete(executionId)) this.#host.cancel(executionId);
  }

  ended(): void {
    this.#ended = true;
    for (const id of this.#attached.keys()) this.#host.cancel(id);
    this.#attached.clear();
  }
}

/** @throws CHILD_FAILED */
export function checkDepth(workflowId: string, depth: number): void {
  if (depth >= deepest) throw notStarted(workflowId, `workflows call each other ${deepest} deep`);
}

export function notStarted(workflowId: string, why: string): VwmpError {
  return permanent('CHILD_FAILED', `Workflow "${workflowId}" was not started: ${why}.`);
}

function summary(child: Execution): JsonValue {
  const { id, status, output, error } = child;
  return {
    execution_id: id,
    status,
    output: output ?? null,
    ...(error ? { error: error as unknown as JsonObject } : {}),
  };
}

function lost(executionId: string, cause?: unknown): JsonValue {
  const reason = cause instanceof Error ? cause.message : 'it is not there any more.';
  return {
    execution_id: executionId,
    status: 'failed',
    error: { code: 'EXECUTION_NOT_FOUND', message: reason },
  };
}
