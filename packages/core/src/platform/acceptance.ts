import { defaultMaxPayload } from '../engine/options.ts';
import { bindParameters } from '../engine/parameters.ts';
import { permanent } from '../engine/permanent.ts';
import type { Workflow } from '../engine/workflow.ts';
import { hasCode } from '../errors.ts';
import { isoTime } from '../machine/index.ts';
import type { JsonObject } from '../model/json.ts';
import type { WorkflowDocument } from '../model/workflow.ts';
import type { ExecutionRecord, Origin } from '../ports/execution-store.ts';
import type { Settings } from '../settings/index.ts';
import { type Redactor, toJson } from '../values/index.ts';
import { checkText } from './check-text.ts';
import { type Concurrency, concurrencyOf, storedConcurrency } from './concurrency.ts';
import { type Dispatcher, executionQueue } from './dispatcher.ts';
import { familyRedactor, type Given, sealedOf } from './given.ts';
import { makeRoom, type Newcomer } from './make-room.ts';
import type { PlatformParts } from './parts.ts';
import type { RetryOptions, Started, StartOptions } from './platform.ts';
import { queuedEvent, queueExecution } from './queue-execution.ts';
import type { QueuePause } from './queue-pause.ts';
import { noExecution } from './read-execution.ts';
import { takeOver } from './retry.ts';
import type { Sealer } from './seal.ts';
import type { Worker } from './worker.ts';
import type { WorkflowCache } from './workflow-cache.ts';

/** How an execution comes about, besides what users say. */
export interface AcceptOptions extends StartOptions {
  readonly parent?: Origin['parent'];
  readonly depth?: number;
  /** Of the execution that starts it. */
  readonly redactor?: Redactor;
  /** Where the document says nothing of executions at the same time. */
  readonly concurrency?: Origin['concurrency'];
}

export interface AcceptanceOptions {
  readonly parts: PlatformParts;
  readonly cache: WorkflowCache;
  readonly sealer: Sealer;
  readonly dispatcher: Dispatcher;
  /** Of the queue of executions. */
  readonly pause: QueuePause;
  /** Missing when this process does not work on executions. */
  readonly worker: Worker | undefined;
  cancel(id: string, reason: string): Promise<void>;
}

/** Accepts executions: records them, then has them worked on. */
export class Acceptance {
  readonly #options: AcceptanceOptions;
  #lastMoment = 0;

  constructor(options: AcceptanceOptions) {
    this.#options = options;
  }

  /** @param source - the id of a stored workflow, or a document @throws WORKFLOW_NOT_FOUND, DOCUMENT_INVALID */
  workflow(source: string | WorkflowDocument): Promise<Workflow> {
    return typeof source === 'string' ? this.#saved(source) : this.#options.cache.get(source, true);
  }

  async #saved(source: string): Promise<Workflow> {
    const { parts, cache } = this.#options;
    const record = await parts.workflows.get(source);
    if (record) return cache.get(record.text);
    // Not taken for a document: whoever may start what is stored could start anything.
    const message = source.includes('\n')
      ? 'This is the text of a workflow. Save it and give its id, or give the "document" of validateWorkflow(parseDocument(text)) of @vwmp/core/language.'
      : `There is no workflow "${source}". Save it, or give its document.`;
    throw permanent('WORKFLOW_NOT_FOUND', message);
  }

  async start(
    source: string | WorkflowDocument,
    parameters: JsonObject,
    options: AcceptOptions,
  ): Promise<Started> {
    const { idempotencyKey, record } = options;
    checkText('idempotency key', idempotencyKey);
    checkText('id', options.id);
    const known = record !== undefined && record.id === source;
    const workflow = await (known ? this.#options.cache.get(record.text) : this.workflow(source));
    return this.#once(workflow, idempotencyKey, () => this.#start(workflow, parameters, options));
  }

  async #start(workflow: Workflow, parameters: JsonObject, options: AcceptOptions): Promise<Started> {
    const bound = await bindParameters(workflow, parameters);
    const maxBytes = this.#options.parts.host.options.maxPayload ?? defaultMaxPayload;
    toJson(bound.values, { maxBytes });
    const trigger = options.trigger === undefined ? {} : { trigger: toJson(options.trigger, { maxBytes }) };
    const redactor = familyRedactor(options.redactor, bound);
    const given = { ...bound, ...trigger, redactor };
    const concurrency = workflow.document.concurrency
      ? await this.#concurrency(workflow, given)
      : options.concurrency && { ...options.concurrency, cancelOthers: false };
    const id = options.id ?? this.#options.parts.ids.next();
    const origin = this.#originOf(id, given, options, concurrency);
    const newcomer = { id, acceptedAt: this.#acceptedAt(concurrency) };
    await this.#create(workflow, given, newcomer, origin);
    await this.#makeRoom(newcomer, concurrency);
    return { execution_id: id, created: true };
  }

  /** What was accepted under a key before stands for what would be accepted now. */
  async #once(workflow: Workflow, key: string | undefined, accept: () => Promise<Started>): Promise<Started> {
    if (key === undefined) return accept();
    const existing = await this.#existing(workflow, key);
    if (existing) return existing;
    try {
      return await accept();
    } catch (error) {
      // Someone else was faster with the same key.
      const raced = hasCode(error, 'ALREADY_EXISTS') && (await this.#existing(workflow, key));
      if (raced) return raced;
      throw error;
    }
  }

  /** @throws EXECUTION_NOT_FOUND, RETRY_INVALID, DOCUMENT_INVALID, PARAMETERS_INVALID */
  async retry(id: string, options: RetryOptions): Promise<Started> {
    const { idempotencyKey, workflow: corrected } = options;
    checkText('idempotency key', idempotencyKey);
    const { parts, cache } = this.#options;
    const { executions } = parts.storage;
    const record = await executions.get(id);
    if (!record) throw noExecution(id);
    if (record.completed_at === undefined) {
      const message = `Execution "${id}" has not ended. Cancel it, or wait for its end.`;
      throw permanent('RETRY_INVALID', message);
    }
    const workflow =
      corrected === undefined ? await cache.get(record.document) : await cache.get(corrected, true);
    return this.#once(workflow, idempotencyKey, () => this.#retry(workflow, record, options));
  }

  async #retry(workflow: Workflow, record: ExecutionRecord, options: RetryOptions): Promise<Started> {
    const { parts } = this.#options;
    const { events, given } = await takeOver(workflow, record, options.from, this.#options);
    const concurrency = await this.#concurrencyAgain(workflow, record, given);
    const id = parts.ids.next();
    const retried = {
      idempotencyKey: options.idempotencyKey,
      priority: record.origin?.priority,
      retryOf: record.id,
    };
    const origin = this.#originOf(id, given, retried, concurrency);
    const newcomer = { id, acceptedAt: this.#acceptedAt(concurrency) };
    // Its timeout begins when its turn comes.
    const queued = queuedEvent(workflow, given);
    await queueExecution(this.#options, workflow, newcomer, origin, [queued, ...events]);
    await this.#makeRoom(newcomer, concurrency);
    return { execution_id: id, created: true };
  }

  #acceptedAt(concurrency: Concurrency | undefined): string {
    return isoTime(concurrency?.cancelOthers ? this.#nextMoment() : this.#options.parts.clock.now());
  }

  /** No two are the same, so that it is known which of two came later; unless the clock was set back. */
  #nextMoment(): number {
    const now = this.#options.parts.clock.now();
    const next = this.#lastMoment + 1;
    this.#lastMoment = next > now && next < now + 1000 ? next : now;
    return this.#lastMoment;
  }

  async #existing(workflow: Workflow, idempotencyKey: string): Promise<Started | undefined> {
    const found = await this.#options.parts.storage.executions.findByKey(workflow.id, idempotencyKey);
    return found && { execution_id: found.id, created: false };
  }

  #concurrency(
    workflow: Workflow,
    { values, trigger = null, redactor }: Given,
  ): Promise<Concurrency | undefined> {
    const { env = {} } = this.#options.parts.host.options;
    const conceal = (key: string): string =>
      redactor.text(key) === key ? key : `secret-${this.#options.sealer.digest(key)}`;
    return concurrencyOf(workflow, { parameters: values, trigger, env }, conceal);
  }

  /** What the document says now; what its schedule said, where it says nothing and has said nothing before. */
  async #concurrencyAgain(
    workflow: Workflow,
    { document, origin }: ExecutionRecord,
    given: Given,
  ): Promise<Concurrency | undefined> {
    if (workflow.document.concurrency) return this.#concurrency(workflow, given);
    const { concurrency } = origin ?? {};
    return document.concurrency || !concurrency ? undefined : { ...concurrency, cancelOthers: false };
  }

  async #makeRoom(newcomer: Newcomer, concurrency: Concurrency | undefined): Promise<void> {
    const { parts, cancel } = this.#options;
    if (concurrency?.cancelOthers)
      await makeRoom(newcomer, concurrency, { executions: parts.storage.executions, cancel });
  }

  #originOf(
    id: string,
    given: Given,
    options: Partial<Record<'idempotencyKey' | 'retryOf', string | undefined>> &
      Pick<AcceptOptions, 'parent' | 'depth'> & { priority?: number | undefined },
    concurrency: Concurrency | undefined,
  ): Origin | undefined {
    const { idempotencyKey, parent, depth, priority, retryOf } = options;
    const origin: Origin = sealedOf(given, this.#options.sealer);
    if (retryOf !== undefined) origin.retry_of = retryOf;
    if (idempotencyKey !== undefined) origin.idempotency_key = idempotencyKey;
    if (parent) origin.parent = parent;
    if (depth) origin.depth = depth;
    if (priority) origin.priority = priority;
    const traceparent = this.#options.parts.traceparent?.(id);
    if (traceparent !== undefined) origin.traceparent = traceparent;
    Object.assign(origin, storedConcurrency(concurrency));
    return Object.keys(origin).length > 0 ? origin : undefined;
  }

  async #create(
    workflow: Workflow,
    given: Given,
    newcomer: Newcomer,
    origin: Origin | undefined,
  ): Promise<void> {
    const { worker, parts, pause } = this.#options;
    const { settings } = parts;
    // With a queue in this process there is nobody else to hand it to: recording that it waits would cost a write more.
    const here =
      settings.queue.backend === 'memory' &&
      !settings.queue.sync &&
      servesExecutions(settings) &&
      !origin?.concurrency;
    if (here && worker && !(await pause.holds()) && worker.hasRoom) {
      const { redactor, trigger, ...parameters } = given;
      return worker.begin(workflow, {
        id: newcomer.id,
        parameters,
        redactor,
        ...(trigger !== undefined && { trigger }),
        ...(origin && { origin }),
      });
    }
    await queueExecution(this.#options, workflow, newcomer, origin, [queuedEvent(workflow, given)]);
  }
}

/** Whether the worker of a process takes up executions; one that does not would never go on with what it begins. */
function servesExecutions({ worker }: Settings): boolean {
  return worker.unified || worker.queues.includes(executionQueue);
}
