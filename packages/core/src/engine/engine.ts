import { hasCode, VwmpError } from '../errors.ts';
import { corePlugin } from '../handlers/index.ts';
import { type Input, isoTime } from '../machine/index.ts';
import type { StoredEvent } from '../model/event.ts';
import type { Execution } from '../model/execution.ts';
import type { JsonObject, JsonValue } from '../model/json.ts';
import type { WorkflowDocument } from '../model/workflow.ts';
import type { Secrets, Workspace } from '../plugin/handler.ts';
import type { Plugin } from '../plugin/plugin.ts';
import { PluginRegistry } from '../plugin/registry.ts';
import { createRedactor } from '../values/index.ts';
import { createWorkspace } from '../workspace/index.ts';
import { ActiveExecution } from './active-execution.ts';
import { checkDecision, parseRunRef } from './approval.ts';
import { systemClock } from './clock.ts';
import { consoleLogger } from './console-logger.ts';
import { secretMissing } from './context.ts';
import { Children } from './executions.ts';
import { createIdSource } from './ids.ts';
import { loadWorkflow } from './load.ts';
import type { ExecutionObserver } from './observer.ts';
import type { ApprovalDecision, EngineOptions, ExecuteOptions } from './options.ts';
import { type BoundParameters, bindParameters } from './parameters.ts';
import { PayloadGuard } from './payload.ts';
import type { Workflow } from './workflow.ts';

/** An execution that was started. */
export interface ExecutionHandle {
  readonly id: string;
  /** Resolves when it has ended, however it ended. Rejects only when it could not be recorded, or the engine was closed. */
  readonly result: Promise<Execution>;
  /** How it stands now. */
  snapshot(): Execution;
}

/** 16 MiB. */
const defaultMaxPayload = 16 * 1024 * 1024;

interface Active {
  readonly payload: PayloadGuard;
  readonly execution: ActiveExecution;
  readonly children: Children;
  readonly unlisten: () => void;
}

interface StartOptions extends ExecuteOptions {
  depth?: number;
  history?: readonly StoredEvent[];
}

/**
 * Executes workflows inside the program that makes it. Any number of engines can live in one process; none
 * leaves a timer, a listener or a handle behind once its executions have ended.
 *
 * @example
 * ```ts
 * const engine = new WorkflowEngine();
 * const execution = await engine.executeWorkflow({
 *   name: 'hello',
 *   steps: [{ id: 'greet', handler: 'core.set', config: { value: 'Hello ${parameters.name}' } }],
 *   parameters: [{ name: 'name', type: 'string' }],
 * }, { name: 'Ana' });
 * console.log(execution.status, execution.steps.greet?.output); // success Hello Ana
 * ```
 */
export class WorkflowEngine {
  /** Every handler and workflow type that can be used. */
  readonly plugins: PluginRegistry = new PluginRegistry();
  readonly #options: EngineOptions;
  readonly #observers = new Set<ExecutionObserver>();
  readonly #active = new Map<string, Active>();
  readonly #workflows = new Map<string, Workflow>();
  #madeWorkspace: Workspace | undefined;
  #closed = false;

  /** @throws PLUGIN_INVALID, PLUGIN_CONFLICT */
  constructor(options: EngineOptions = {}) {
    this.#options = options;
    this.plugins.add(corePlugin);
    for (const plugin of options.plugins ?? []) this.plugins.add(plugin);
  }

  /** Adds a plugin. @throws PLUGIN_INVALID, PLUGIN_CONFLICT */
  use(plugin: Plugin): this {
    this.plugins.add(plugin);
    return this;
  }

  /** Watches all executions from now on. @returns a function that ends it */
  attach(observer: ExecutionObserver): () => void {
    this.#observers.add(observer);
    return () => this.detach(observer);
  }

  /** Idempotent. */
  detach(observer: ExecutionObserver): void {
    this.#observers.delete(observer);
  }

  /**
   * Reads, checks and compiles a workflow, which can then be executed any number of times.
   *
   * @param source - YAML or JSON text, or a document
   * @throws DOCUMENT_INVALID, with every {@link Problem} in `details`
   */
  async load(source: string | WorkflowDocument): Promise<Workflow> {
    return loadWorkflow(source, this.plugins);
  }

  /** Makes a workflow known, so that `core.workflow` finds it by its id. @throws DOCUMENT_INVALID */
  async add(source: string | WorkflowDocument | Workflow): Promise<Workflow> {
    const workflow = await this.#toWorkflow(source);
    this.#workflows.set(workflow.id, workflow);
    return workflow;
  }

  /**
   * Executes a workflow to its end.
   *
   * @param workflow - YAML or JSON text, a document, or what {@link load} returned (fastest, when it is executed often)
   * @param parameters - by name; defaults are filled in
   * @returns the execution, whether it succeeded or not
   * @throws DOCUMENT_INVALID, PARAMETERS_INVALID with all problems in `details`, ENGINE_CLOSED
   */
  async executeWorkflow(
    workflow: string | WorkflowDocument | Workflow,
    parameters: JsonObject = {},
    options: ExecuteOptions = {},
  ): Promise<Execution> {
    const handle = await this.startWorkflow(workflow, parameters, options);
    return handle.result;
  }

  /** Like {@link executeWorkflow}, but returns as soon as it has started. */
  async startWorkflow(
    workflow: string | WorkflowDocument | Workflow,
    parameters: JsonObject = {},
    options: ExecuteOptions = {},
  ): Promise<ExecutionHandle> {
    const prepared = await this.#toWorkflow(workflow);
    const bound = await bindParameters(prepared, parameters);
    return this.#start(prepared, bound, options);
  }

  /**
   * Goes on with an execution that is in the store and has not ended, after a crash or a restart. Settled steps are
   * not run again; those that were running are, with the same idempotency key.
   *
   * @throws EXECUTION_NOT_FOUND, ALREADY_EXISTS when it is active in this engine, DOCUMENT_INVALID
   */
  async resume(executionId: string): Promise<ExecutionHandle> {
    const store = this.#options.executions;
    const record = await store?.get(executionId);
    if (!store || !record) throw notFound(executionId);
    const history: StoredEvent[] = [];
    for await (const event of store.events(executionId)) history.push(event);
    const [first] = history;
    if (first?.event !== 'workflow_started') throw notFound(executionId);
    const workflow = await this.load(record.document);
    const bound: BoundParameters = { values: first.parameters, shown: first.parameters, secrets: [] };
    const trigger = first.trigger === undefined ? {} : { trigger: first.trigger };
    const handle = await this.#start(workflow, bound, { id: executionId, history, ...trigger });
    await this.#rejoinChildren(executionId);
    return handle;
  }

  /** Children that were waited for go on as well. */
  async #rejoinChildren(executionId: string): Promise<void> {
    const parent = this.#active.get(executionId);
    for (const { ref, wait } of parent?.execution.waits() ?? []) {
      if (wait.kind !== 'child') continue;
      const child = wait.execution_id;
      try {
        const known = this.#active.get(child)?.execution.result;
        parent!.children.attach(child, known ?? (await this.resume(child)).result);
      } catch (error) {
        // The parent is told below that the child is lost; it must not wait for ever.
        if (!hasCode(error, 'EXECUTION_NOT_FOUND')) throw error;
      }
      parent!.children.await(ref, child);
    }
  }

  /** The executions that have not ended. */
  active(): ExecutionHandle[] {
    return [...this.#active.values()].map(({ execution }) => toHandle(execution));
  }

  /**
   * Sends a signal. It is kept until a step waits for it.
   *
   * @throws EXECUTION_NOT_FOUND when it is not active here, VALUE_INVALID
   */
  async signal(executionId: string, signal: string, payload: JsonValue = null): Promise<void> {
    const active = this.#find(executionId);
    const at = active.execution.now();
    await active.execution.accept({ type: 'signal', at, signal, payload: active.payload.clean(payload) });
  }

  /**
   * Decides an approval.
   *
   * @param step - its id; `id:index` for an item of a foreach
   * @throws EXECUTION_NOT_FOUND, STEP_NOT_WAITING, APPROVAL_INVALID when the values do not match the form
   */
  async decideApproval(executionId: string, step: string, decision: ApprovalDecision): Promise<void> {
    const { execution, payload } = this.#find(executionId);
    const ref = parseRunRef(step);
    await checkDecision(execution, ref, decision);
    await execution.accept({ type: 'resume', at: execution.now(), ...ref, payload: payload.clean(decision) });
  }

  /**
   * Cancels an execution: nothing new starts, what runs is aborted, what succeeded is compensated.
   * It ends within the grace period even if a handler is stuck; its compensations take as long as they take.
   *
   * @throws EXECUTION_NOT_FOUND
   */
  async cancel(executionId: string, reason = 'It was cancelled.'): Promise<void> {
    const { execution } = this.#find(executionId);
    await execution.accept(cancellation(execution, reason));
  }

  /**
   * Takes nothing new. With a store, executions are let go of where they stand, to be resumed later; without one
   * they are cancelled, and compensated. Resolves when all of them have ended. Idempotent.
   */
  async close(): Promise<void> {
    this.#closed = true;
    const results = [...this.#active.values()].map(({ execution }) => {
      if (this.#options.executions) execution.abandon(closed());
      else execution.dispatch(cancellation(execution, 'The engine was closed.'));
      return execution.result;
    });
    await Promise.allSettled(results);
    this.#observers.clear();
  }

  #workspace(): Workspace {
    this.#madeWorkspace ??= createWorkspace(this.#options.workspace ?? '.');
    return this.#madeWorkspace;
  }

  async #toWorkflow(workflow: string | WorkflowDocument | Workflow): Promise<Workflow> {
    if (this.#closed) throw closed();
    return typeof workflow === 'object' && 'definition' in workflow ? workflow : this.load(workflow);
  }

  async #start(
    workflow: Workflow,
    parameters: BoundParameters,
    options: StartOptions,
  ): Promise<ExecutionHandle> {
    if (this.#closed) throw closed();
    const { clock = systemClock, random = Math.random, logger = consoleLogger } = this.#options;
    const id = options.id ?? (this.#options.ids ?? createIdSource(() => clock.now(), random)).next();
    if (this.#active.has(id))
      throw new VwmpError('ALREADY_EXISTS', `An execution with the id "${id}" is active.`);
    const redactor = createRedactor();
    for (const secret of parameters.secrets) redactor.add(secret);
    const payload = new PayloadGuard(redactor, this.#options.maxPayload ?? defaultMaxPayload);
    const secrets: Secrets = {
      get: (name) => {
        const secret = this.#options.secrets?.get(name);
        if (secret === undefined) throw secretMissing(name);
        redactor.add(secret);
        return secret;
      },
    };
    const children = new Children(
      {
        start: (workflowId, given, depth) => this.#startChild(workflowId, given, depth),
        signal: (executionId, signal, payload) => this.signal(executionId, signal, payload),
        cancel: (executionId) => {
          const child = this.#active.get(executionId)?.execution;
          child?.dispatch(cancellation(child, `The execution "${id}" that started it has ended.`));
        },
        resume: (ref, payload) =>
          execution.dispatch({ type: 'resume', at: execution.now(), ...ref, payload }),
      },
      options.depth ?? 0,
    );
    const identity = {
      id,
      workflow_id: workflow.id,
      workflow_version: workflow.version,
      parameters: parameters.shown,
      ...(options.trigger === undefined ? {} : { trigger: options.trigger }),
    };
    const execution = new ActiveExecution(
      identity,
      workflow,
      {
        config: workflow.document.config ?? {},
        parameters: parameters.values,
        execution: {
          id,
          workflow_id: workflow.id,
          started_at: options.history?.[0]?.timestamp ?? isoTime(clock.now()),
        },
        trigger: options.trigger ?? null,
        secrets: secretsOf(workflow, secrets),
        env: this.#options.env ?? {},
      },
      {
        clock,
        random,
        payload,
        secrets,
        store: this.#options.executions,
        gracePeriod: this.#options.gracePeriod ?? 5000,
        concurrency: this.#options.concurrency ?? 256,
        workspace: this.#workspace(),
        observers: options.observers ? [this.#observers, options.observers] : [this.#observers],
        warn: (message, error) => logger.log('warn', message, { execution_id: id, error: String(error) }),
        executionsFor: (ref) => children.executionsFor(ref),
        awaitChild: (ref, childId) => children.await(ref, childId),
        ended: (abandoned) => {
          this.#active.get(id)?.unlisten();
          this.#active.delete(id);
          if (!abandoned) children.cancelAll();
        },
      },
      options.history,
    );
    const abort = (): void => execution.dispatch(cancellation(execution, 'Its signal was aborted.'));
    const unlisten = listen(options.signal, abort);
    this.#active.set(id, { execution, children, payload, unlisten });
    await execution.begin();
    if (options.signal?.aborted) abort();
    return toHandle(execution);
  }

  async #startChild(workflowId: string, parameters: JsonObject, depth: number): Promise<ExecutionHandle> {
    const workflow = this.#workflows.get(workflowId) ?? (await this.#fromStore(workflowId));
    return this.#start(workflow, await bindParameters(workflow, parameters), { depth });
  }

  async #fromStore(workflowId: string): Promise<Workflow> {
    const record = await this.#options.workflows?.get(workflowId);
    if (record) return this.load(record.text);
    throw new VwmpError(
      'WORKFLOW_NOT_FOUND',
      `There is no workflow "${workflowId}". Add it to the engine or its store first.`,
      {
        retryable: false,
      },
    );
  }

  #find(executionId: string): Active {
    const active = this.#active.get(executionId);
    if (!active) throw notFound(executionId);
    return active;
  }
}

function cancellation(execution: ActiveExecution, reason: string): Input {
  const error = { code: 'EXECUTION_CANCELLED', message: reason, retryable: false };
  return { type: 'cancel', at: execution.now(), error };
}

function toHandle(execution: ActiveExecution): ExecutionHandle {
  return { id: execution.identity.id, result: execution.result, snapshot: () => execution.snapshot() };
}

function listen(signal: AbortSignal | undefined, callback: () => void): () => void {
  signal?.addEventListener('abort', callback, { once: true });
  return () => signal?.removeEventListener('abort', callback);
}

/** The secrets that expressions of the workflow mention, as far as they are there. */
function secretsOf(workflow: Workflow, secrets: Secrets): JsonObject {
  const found: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const name of workflow.secretNames) {
    try {
      found[name] = secrets.get(name);
    } catch (error) {
      // Reading it in an expression then says that the key is missing.
      if (!hasCode(error, 'SECRET_MISSING')) throw error;
    }
  }
  return Object.freeze(found);
}

function notFound(executionId: string): VwmpError {
  return new VwmpError(
    'EXECUTION_NOT_FOUND',
    `There is no active execution "${executionId}" in this engine.`,
  );
}

function closed(): VwmpError {
  return new VwmpError('ENGINE_CLOSED', 'The engine has been closed; make a new one.', { retryable: false });
}
