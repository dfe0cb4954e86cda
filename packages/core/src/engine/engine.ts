import { hasCode, VwmpError } from '../errors.ts';
import { corePlugin } from '../handlers/index.ts';
import type { StoredEvent } from '../model/event.ts';
import type { Execution } from '../model/execution.ts';
import type { JsonObject, JsonValue } from '../model/json.ts';
import type { WorkflowDocument } from '../model/workflow.ts';
import type { Plugin } from '../plugin/plugin.ts';
import { PluginRegistry } from '../plugin/registry.ts';
import type { IdSource } from '../ports/id-source.ts';
import { createWorkspace } from '../workspace/index.ts';
import type { ActiveExecution } from './active-execution.ts';
import type { ChildHost, Children, Lineage } from './children.ts';
import { systemClock } from './clock.ts';
import { createIdSource } from './ids.ts';
import type { Active as Launched, LaunchHost } from './launch.ts';
import type { ExecutionObserver } from './observer.ts';
import {
  type ApprovalDecision,
  defaultGracePeriod,
  type EngineOptions,
  type ExecuteOptions,
} from './options.ts';
import type { BoundParameters } from './parameters.ts';
import type { Workflow } from './workflow.ts';

type FirstUse = typeof import('./first-use.ts');
let loaded: FirstUse | undefined;

/** What carries executions out. */
async function firstUse(): Promise<FirstUse> {
  loaded ??= await import('./first-use.ts');
  return loaded;
}

/** An execution that was started. */
export interface ExecutionHandle {
  readonly id: string;
  /** Resolves when it has ended, however it ended. Rejects only when it could not be recorded, or the engine was closed. */
  readonly result: Promise<Execution>;
  /** How it stands now. */
  snapshot(): Execution;
}

interface Active extends Launched {
  readonly children: Children;
}

interface StartInside extends Omit<ExecuteOptions, 'id'> {
  id?: string;
  lineage?: Lineage;
  /** What was recorded of it before, and as which owner it goes on. */
  recorded?: { readonly history: readonly StoredEvent[]; readonly epoch: number };
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
  readonly #resuming = new Set<string>();
  readonly #ids: IdSource;
  readonly #host: LaunchHost;
  #closed = false;

  /** @throws PLUGIN_INVALID, PLUGIN_CONFLICT; VALUE_INVALID for a concurrency below 1, and for secrets that are no source of them */
  constructor(options: EngineOptions = {}) {
    const { concurrency = 1, secrets } = options;
    // NaN is neither: nothing would ever run.
    const wrong =
      concurrency >= 1
        ? secrets && !secrets.get && '"secrets" has no get(name).'
        : `"concurrency" is ${concurrency}, not a number from 1 up.`;
    if (wrong) throw new VwmpError('VALUE_INVALID', wrong, { retryable: false });
    this.#options = options;
    this.#ids = options.ids ?? createIdSource(options.clock?.now.bind(options.clock), options.random);
    this.#host = {
      options,
      workspace: createWorkspace(options.workspace ?? '.'),
      observers: this.#observers,
    };
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
    const { loadWorkflow } = await firstUse();
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
   * @throws DOCUMENT_INVALID, PARAMETERS_INVALID with all problems in `details`; ENGINE_CLOSED;
   *   EXECUTION_CANCELLED when the signal had been aborted before
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
    const { bindParameters } = await firstUse();
    const bound = await bindParameters(prepared, parameters);
    return this.#start(prepared, bound, options);
  }

  /**
   * Goes on with an execution that is in the store and has not ended, after a crash or a restart. Settled steps are
   * not run again; those that were running are, with the same idempotency key. An engine that still works on it is
   * refused its next event with FENCED and lets go of it.
   *
   * @throws EXECUTION_NOT_FOUND, ALREADY_EXISTS when it is active in this engine, DOCUMENT_INVALID
   */
  async resume(executionId: string): Promise<ExecutionHandle> {
    if (this.#closed) throw closed();
    this.#refuseActive(executionId);
    // Taking over what this engine has itself would shut it out.
    this.#resuming.add(executionId);
    try {
      return await this.#resume(executionId);
    } finally {
      this.#resuming.delete(executionId);
    }
  }

  async #resume(executionId: string): Promise<ExecutionHandle> {
    const store = this.#options.executions;
    const record = await store?.get(executionId);
    if (!store || !record) throw notFound(executionId);
    const { loadWorkflow, recordedParameters, takeOver } = await firstUse();
    const workflow = await loadWorkflow(record.document, this.plugins, false);
    const recorded = await takeOver(store, record);
    const [first] = recorded.history;
    if (first?.event !== 'workflow_started' && first?.event !== 'workflow_queued')
      throw notFound(executionId);
    const bound = recordedParameters(workflow, first.parameters ?? {});
    const trigger = first.trigger === undefined ? {} : { trigger: first.trigger };
    const handle = await this.#start(workflow, bound, { id: executionId, recorded, ...trigger });
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
        if (!hasCode(error, 'EXECUTION_NOT_FOUND')) {
          // Nobody would get its handle: let go of, it can be resumed once the cause is mended.
          parent!.execution.abandon(error);
          throw error;
        }
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
   * @param options - `idempotencyKey`: of the signals of this name with it the execution takes in the first
   * @throws EXECUTION_NOT_FOUND when it is not active here, VALUE_INVALID
   */
  async signal(
    executionId: string,
    signal: string,
    payload: JsonValue = null,
    { idempotencyKey: key }: { idempotencyKey?: string | undefined } = {},
  ): Promise<void> {
    const active = this.#find(executionId);
    const at = active.execution.now();
    // A step that waits for a name with a secret in it waits for the name without.
    const name = active.payload.text(signal);
    await active.execution.accept({
      type: 'signal',
      at,
      signal: name,
      payload: active.payload.take(payload),
      ...active.payload.keyed(key),
    });
  }

  /**
   * Decides an approval.
   *
   * @param step - its id; `id:index` for an item of a foreach
   * @throws EXECUTION_NOT_FOUND, STEP_NOT_WAITING, APPROVAL_INVALID when the values do not match the form, VALUE_INVALID
   */
  async decideApproval(executionId: string, step: string, decision: ApprovalDecision): Promise<void> {
    const { execution, payload } = this.#find(executionId);
    const { checkDecision, parseRunRef } = await firstUse();
    const ref = parseRunRef(step);
    const clean = payload.take(decision);
    const round = await checkDecision(execution, ref, decision);
    await execution.accept({ type: 'resume', at: execution.now(), ...ref, round, payload: clean });
  }

  /**
   * Cancels an execution: nothing new starts, what runs is aborted, what succeeded is compensated.
   * It ends within the grace period even if a handler is stuck. Compensations may take as long as they need; cancelling
   * once more gives them up, which is recorded as their failure.
   *
   * @throws EXECUTION_NOT_FOUND
   */
  async cancel(executionId: string, reason = 'It was cancelled.'): Promise<void> {
    const { execution, payload } = this.#find(executionId);
    await execution.cancel(payload.text(reason));
  }

  /**
   * Takes nothing new. With a store, executions are let go of where they stand, to be resumed later; without one
   * they are cancelled, and compensated for as long as the grace period. Resolves when all of them have ended. Idempotent.
   */
  async close(): Promise<void> {
    this.#closed = true;
    const { executions: store, clock = systemClock, gracePeriod = defaultGracePeriod } = this.#options;
    const open = [...this.#active.values()].map(({ execution }) => execution);
    for (const execution of open) {
      if (store) execution.abandon(closed());
      else execution.requestCancel('The engine was closed.');
    }
    // Stuck handlers are given up after the grace period, and only then their compensations begin.
    const giveUp = (): void => {
      for (const execution of open) execution.giveUpUndoing();
    };
    const clear = clock.setTimer(clock.now() + 2 * gracePeriod, giveUp, { elapsed: true });
    await Promise.allSettled(open.map(({ result }) => result));
    clear();
    this.#observers.clear();
  }

  async #toWorkflow(workflow: string | WorkflowDocument | Workflow): Promise<Workflow> {
    if (this.#closed) throw closed();
    return isWorkflow(workflow) ? workflow : this.load(workflow);
  }

  async #start(
    workflow: Workflow,
    parameters: BoundParameters,
    options: StartInside,
  ): Promise<ExecutionHandle> {
    if (this.#closed) throw closed();
    if (options.signal?.aborted) {
      const message = `Workflow "${workflow.id}" was not started: its signal had been aborted.`;
      throw new VwmpError('EXECUTION_CANCELLED', message, { cause: options.signal.reason, retryable: false });
    }
    const id = options.id ?? this.#ids.next();
    if (!options.recorded) this.#refuseActive(id);
    // Whoever gets here has what was loaded for its parameters.
    const { Children, createStoreJournal, firstOfItsFamily, launch } = loaded!;
    const { lineage = firstOfItsFamily(), recorded, ...given } = options;
    const { executions: store } = this.#options;
    const children = new Children(this.#childHost(id), lineage);
    const launched = launch(this.#host, workflow, parameters, {
      ...given,
      id,
      redactor: lineage.redactor,
      history: recorded?.history,
      journal: store && createStoreJournal(store, recorded?.epoch ?? 0),
      relatives: children,
      ended: () => this.#active.delete(id),
    });
    this.#active.set(id, { ...launched, children });
    await launched.execution.begin();
    return toHandle(launched.execution);
  }

  #childHost(id: string): ChildHost {
    return {
      start: (workflowId, ...given) => this.#startChild(workflowId, ...given),
      signal: (...given) => this.signal(...given),
      cancel: (executionId) => {
        const child = this.#active.get(executionId)?.execution;
        child?.requestCancel('The execution that started it has ended.');
      },
      resume: (ref, childId, payload) => {
        const self = this.#active.get(id)?.execution;
        const wait = self?.waitOf(ref);
        if (wait?.kind === 'child' && wait.execution_id === childId)
          self!.dispatch({ type: 'resume', at: self!.now(), ...ref, payload });
      },
    };
  }

  async #startChild(workflowId: string, parameters: JsonObject, lineage: Lineage): Promise<ExecutionHandle> {
    const workflow = this.#workflows.get(workflowId) ?? (await this.#fromStore(workflowId));
    const { bindParameters } = await firstUse();
    return this.#start(workflow, await bindParameters(workflow, parameters), { lineage });
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

  /** @throws ALREADY_EXISTS */
  #refuseActive(id: string): void {
    if (this.#active.has(id) || this.#resuming.has(id))
      throw new VwmpError('ALREADY_EXISTS', `An execution with the id "${id}" is active.`);
  }

  #find(executionId: string): Active {
    const active = this.#active.get(executionId);
    if (!active) throw notFound(executionId);
    return active;
  }
}

/** No document can look like one: nothing in JSON is a Map. */
function isWorkflow(workflow: string | WorkflowDocument | Workflow): workflow is Workflow {
  return (workflow as Partial<Workflow> | null | undefined)?.definition?.positions instanceof Map;
}

function toHandle(execution: ActiveExecution): ExecutionHandle {
  return { id: execution.identity.id, result: execution.result, snapshot: () => execution.snapshot() };
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
