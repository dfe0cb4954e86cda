import { type ErrorInfo, toErrorInfo, VwmpError } from '../errors.ts';
import {
  type Command,
  type ExecutionState,
  evolve,
  type Input,
  initialState,
  isoTime,
  resume,
  type Transition,
  timerKey,
  transition,
} from '../machine/index.ts';
import type { AnnouncedEvent, LogLevel, RecordedEvent, RunRef, StoredEvent, Wait } from '../model/event.ts';
import type { Execution } from '../model/execution.ts';
import type { JsonObject, JsonValue } from '../model/json.ts';
import type { Executions, Progress, Secrets, Workspace } from '../plugin/handler.ts';
import type { Clock } from '../ports/clock.ts';
import type { ExecutionStore } from '../ports/execution-store.ts';
import type { Redactor } from '../values/index.ts';
import { toJson } from '../values/index.ts';
import { Announcer } from './announcer.ts';
import { Attempt, type AttemptHost, type AttemptResult, toInput } from './attempt.ts';
import { fillConfig, holds, listOf } from './evaluate.ts';
import type { ExecutionObserver } from './observer.ts';
import { type ExecutionIdentity, statusOf, toExecution } from './result.ts';
import { type ExecutionScope, type LocalScope, ScopeBuilder } from './scope.ts';
import { Slots } from './slots.ts';
import type { PreparedCall, Workflow } from './workflow.ts';

type RunCommand = Extract<Command, { type: 'run' | 'resume' }>;

/** What an execution gets from its engine. */
export interface ExecutionServices {
  readonly clock: Clock;
  readonly random: () => number;
  readonly gracePeriod: number;
  readonly concurrency: number;
  readonly maxPayload: number;
  readonly workspace: Workspace;
  readonly store: ExecutionStore | undefined;
  readonly observers: Iterable<ExecutionObserver>[];
  readonly redactor: Redactor;
  readonly secrets: Secrets;
  warn(message: string, error: unknown): void;
  executionsFor(ref: RunRef): Executions;
  /** A step waits for that child; its end is to be delivered as a `resume`. */
  awaitChild(ref: RunRef, executionId: string): void;
  /** @param abandoned - it may be resumed later, so what belongs to it goes on existing */
  ended(abandoned: boolean): void;
}

/** How long the machine may run on without letting the event loop turn, in milliseconds. */
const slice = 10;

/**
 * Drives one execution: feeds the machine with what happened, records the facts that follow, and
 * carries out its commands. Facts are on disk before any command that follows from them is carried out. Without
 * a store everything between two waits happens in one go, with no promise in between.
 */
export class ActiveExecution implements AttemptHost {
  readonly identity: ExecutionIdentity;
  readonly workflow: Workflow;
  readonly parameters: JsonObject;
  readonly result: Promise<Execution>;
  readonly #services: ExecutionServices;
  readonly #state: ExecutionState;
  readonly #scope: ScopeBuilder;
  readonly #announcer: Announcer;
  readonly #attempts = new Map<string, Attempt>();
  readonly #timers = new Map<string, () => void>();
  readonly #slots: Slots<RunCommand>;
  #inbox: Input[] = [];
  #draining = false;
  #ended = false;
  #resolve!: (execution: Execution) => void;
  #reject!: (error: unknown) => void;

  constructor(
    identity: ExecutionIdentity,
    workflow: Workflow,
    scope: ExecutionScope,
    services: ExecutionServices,
    history: readonly StoredEvent[] = [],
  ) {
    this.identity = identity;
    this.workflow = workflow;
    this.parameters = scope.parameters ?? {};
    this.#services = services;
    this.#state = initialState(workflow.definition);
    for (const event of history) evolve(workflow.definition, this.#state, event, event.timestamp);
    this.#scope = new ScopeBuilder(workflow.definition, this.#state, scope);
    this.#announcer = new Announcer(identity.id, history.at(-1)?.seq ?? 0, services.observers, (error) =>
      services.warn('An observer threw.', error),
    );
    this.#slots = new Slots(services.concurrency, (command) => this.#attempt(command));
    this.result = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // Whoever started it may look at the result later; an unseen failure to record must not end the process.
    this.result.catch(() => {});
  }

  get execution(): AttemptHost['execution'] {
    const { id, workflow_id } = this.identity;
    return { id, workflow_id, started_at: this.#state.started_at };
  }

  get secrets(): Secrets {
    return this.#services.secrets;
  }

  get workspace(): Workspace {
    return this.#services.workspace;
  }

  get gracePeriod(): number {
    return this.#services.gracePeriod;
  }

  /** Begins it, or goes on with it when it was made from a history. */
  begin(): void {
    const at = this.now();
    if (this.#state.phase === 'pending') {
      const { workflow_id, workflow_version, parameters, trigger } = this.identity;
      this.dispatch({
        type: 'start',
        at,
        workflow_id,
        workflow_version,
        parameters,
        ...(trigger === undefined ? {} : { trigger }),
      });
    } else if (this.#state.phase === 'completed') {
      this.#finish();
    } else {
      this.#draining = true;
      const { events, commands } = resume(this.workflow.definition, this.#state, at);
      this.#run(events, commands);
    }
  }

  /** Tells the machine of something that happened. */
  dispatch(input: Input): void {
    if (this.#ended) return;
    this.#inbox.push(input);
    if (this.#draining) return;
    this.#draining = true;
    this.#run([], []);
  }

  snapshot(): Execution {
    return toExecution(this.identity, this.workflow.definition, this.#state);
  }

  /** What a step waits for; undefined when it does not. */
  waitOf(ref: RunRef): Wait | undefined {
    const position = this.workflow.definition.positions.get(ref.step_id);
    const step = position === undefined ? undefined : this.#state.steps[position];
    return (ref.index === undefined ? step?.run : step?.foreach?.active[ref.index])?.wait;
  }

  /** The children that its steps wait for. */
  childWaits(): { ref: RunRef; child: string }[] {
    const waits: { ref: RunRef; child: string }[] = [];
    this.#state.steps.forEach((step, position) => {
      const step_id = this.workflow.definition.steps[position]!.id;
      if (step.run?.wait?.kind === 'child')
        waits.push({ ref: { step_id }, child: step.run.wait.execution_id });
      for (const [index, run] of Object.entries(step.foreach?.active ?? {})) {
        if (run.wait?.kind === 'child')
          waits.push({ ref: { step_id, index: Number(index) }, child: run.wait.execution_id });
      }
    });
    return waits;
  }

  /** Ends the work on it at once, without a word to the machine: a crash on purpose. */
  abandon(error: unknown): void {
    if (this.#ended) return;
    this.#release(true);
    for (const attempt of this.#attempts.values()) attempt.abort();
    this.#reject(error);
  }

  // From what happened to facts and commands

  #run(events: readonly RecordedEvent[], commands: readonly Command[]): void {
    const drained = this.#services.store
      ? this.#drainRecorded(this.#services.store, events, commands)
      : this.#drain(events, commands);
    drained?.catch((error: unknown) => this.abandon(error));
  }

  #drain(events: readonly RecordedEvent[], commands: readonly Command[]): Promise<void> | undefined {
    try {
      this.#tell(events);
      this.#carryOutAll(commands);
      const begun = this.now();
      for (let i = 0; i < this.#inbox.length && !this.#ended; i++) {
        const { events: next, commands: then } = this.#turn(this.#inbox[i]!);
        this.#tell(next);
        this.#carryOutAll(then);
        if ((i & 63) === 63 && this.now() - begun > slice) {
          this.#inbox.splice(0, i + 1);
          setImmediate(() => this.#run([], []));
          return undefined;
        }
      }
      this.#inbox = [];
      this.#draining = false;
      return undefined;
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** Whatever came in while the last facts were written is recorded in one go. */
  async #drainRecorded(
    store: ExecutionStore,
    first: readonly RecordedEvent[],
    then: readonly Command[],
  ): Promise<void> {
    const events = [...first];
    const commands = [...then];
    do {
      const inputs = this.#inbox;
      this.#inbox = [];
      for (const input of inputs) {
        const next = this.#turn(input);
        for (const event of next.events) events.push(event);
        for (const command of next.commands) commands.push(command);
      }
      if (events.length > 0) await this.#record(store, events.splice(0));
      this.#carryOutAll(commands.splice(0));
    } while (this.#inbox.length > 0 && !this.#ended);
    this.#draining = false;
  }

  #turn(input: Input): Transition {
    return transition(this.workflow.definition, this.#state, input);
  }

  async #record(store: ExecutionStore, events: readonly RecordedEvent[]): Promise<void> {
    const expected = this.#announcer.seq;
    const stored = this.#announcer.stamp(events, isoTime(this.now()));
    const { id, workflow_id, workflow_version } = this.identity;
    const { started_at, completed_at } = this.#state;
    const summary = {
      id,
      workflow_id,
      workflow_version,
      status: statusOf(this.#state),
      started_at,
      completed_at,
    };
    const document = expected === 0 ? { document: this.workflow.document } : {};
    await store.append({ summary, expected_seq: expected, epoch: 0, events: stored, ...document });
    if (this.#announcer.watched) for (const event of stored) this.#announcer.tell(event);
  }

  #tell(events: readonly RecordedEvent[]): void {
    if (events.length === 0) return;
    if (!this.#announcer.watched) this.#announcer.seq += events.length;
    else for (const event of this.#announcer.stamp(events, isoTime(this.now()))) this.#announcer.tell(event);
  }

  // From commands to what happens

  #carryOutAll(commands: readonly Command[]): void {
    for (const command of commands) this.#carryOut(command);
  }

  #carryOut(command: Command): void {
    switch (command.type) {
      case 'evaluate':
        return this.#evaluate(command.step_id);
      case 'run':
      case 'resume':
        return this.#slots.add(command);
      case 'abort':
        return this.#abort(command);
      case 'set_timer':
        return this.#setTimer(command.key, command.at);
      case 'clear_timer':
        this.#timers.get(command.key)?.();
        this.#timers.delete(command.key);
        return;
      case 'evaluate_output':
        return this.#evaluateOutput();
      case 'compensate':
        return this.#compensate(command.step_id);
      case 'finish':
        return this.#finish();
    }
  }

  #evaluate(stepId: string): void {
    const at = this.now();
    try {
      const position = this.#position(stepId);
      const prepared = this.workflow.steps[position]!;
      const result = holds(prepared, this.#scope, position);
      const total =
        result && prepared.foreach !== undefined
          ? { total: listOf(prepared, this.#scope, position).length }
          : {};
      this.dispatch({ type: 'evaluated', at, step_id: stepId, holds: result, ...total });
    } catch (error) {
      this.dispatch({
        type: 'evaluation_failed',
        at,
        step_id: stepId,
        error: this.redactError(toErrorInfo(error)),
      });
    }
  }

  #attempt(command: RunCommand): void {
    const { step_id, index } = command;
    const position = this.#position(step_id);
    const prepared = this.workflow.steps[position]!;
    const definition = this.workflow.definition.steps[position]!;
    const ref = index === undefined ? { step_id } : { step_id, index };
    if (command.type === 'run') this.#announce({ event: 'step_started', ...ref, attempt: command.attempt });
    const local = this.#localScope(position, command);
    const spec = {
      ref,
      call: prepared,
      config: () => fillConfig(prepared, this.#scope, position, false, local()),
      attempt: command.attempt,
      index: index ?? (definition.repeat ? command.iteration : undefined),
      timeout: definition.timeout,
      resume: command.type === 'resume' ? { payload: command.payload } : undefined,
    };
    const key = timerKey(ref);
    const attempt = new Attempt(this, spec, (result) => {
      this.#attempts.delete(key);
      this.#reported(ref, position, command, result);
      this.#slots.free();
    });
    attempt.begin();
    if (!attempt.ended) this.#attempts.set(key, attempt);
  }

  /** The item and index of a foreach, the index of a repeat. */
  #localScope(position: number, command: RunCommand): () => LocalScope {
    const { index } = command;
    const prepared = this.workflow.steps[position]!;
    if (index !== undefined) return () => ({ index, item: this.#items(position)[index] ?? null });
    if (prepared.until) return () => ({ index: command.iteration });
    return () => ({});
  }

  /** The list of a foreach is pure, so it is kept only while the step runs, and made again after a crash. */
  #items(position: number): readonly JsonValue[] {
    const foreach = this.#state.steps[position]!.foreach;
    const known = this.#lists.get(position);
    if (known && known.foreach === foreach) return known.items;
    const items = listOf(this.workflow.steps[position]!, this.#scope, position);
    if (foreach) this.#lists.set(position, { foreach, items });
    return items;
  }
  readonly #lists = new Map<number, { foreach: object; items: readonly JsonValue[] }>();

  #reported(ref: RunRef, position: number, command: RunCommand, result: AttemptResult): void {
    if (this.#ended) return;
    const at = this.now();
    const { until } = this.workflow.steps[position]!;
    if (result.type === 'succeeded' && until && ref.index === undefined) {
      return this.#checkUntil(ref, position, command.iteration, result);
    }
    this.dispatch(toInput(ref, result, at, this.#services.random()));
    if (result.type === 'suspended' && result.wait.kind === 'child')
      this.#services.awaitChild(ref, result.wait.execution_id);
  }

  #checkUntil(
    ref: RunRef,
    position: number,
    iteration: number,
    result: AttemptResult & { type: 'succeeded' },
  ): void {
    const at = this.now();
    const until = this.workflow.steps[position]!.until!;
    try {
      const scope = this.#scope.build(until.references, position, false, {
        index: iteration,
        output: result.output,
      });
      const again = !until.test(scope);
      this.dispatch({ ...result, ...ref, at, again });
    } catch (error) {
      const info = this.redactError(toErrorInfo(error));
      this.dispatch({ type: 'failed', ...ref, at, random: this.#services.random(), error: info });
    }
  }

  #abort(ref: RunRef): void {
    const waiting = this.#slots.withdraw((item) => item.step_id === ref.step_id && item.index === ref.index);
    if (waiting.length > 0) this.dispatch({ type: 'cancelled', at: this.now(), ...pick(ref) });
    else this.#attempts.get(timerKey(ref))?.abort();
  }

  #setTimer(key: string, at: string): void {
    this.#timers.get(key)?.();
    const due = Date.parse(at);
    const clear = this.#services.clock.setTimer(due, () => {
      this.#timers.delete(key);
      this.dispatch({ type: 'timer', key, at: Math.max(this.now(), due), random: this.#services.random() });
    });
    this.#timers.set(key, clear);
  }

  #evaluateOutput(): void {
    const { output } = this.workflow;
    const at = this.now();
    try {
      const value = output
        ? output.evaluate(this.#scope.build(output.references, undefined, false, {}))
        : null;
      this.dispatch({ type: 'output', at, output: this.clean(value) });
    } catch (error) {
      this.dispatch({ type: 'output_failed', at, error: this.redactError(toErrorInfo(error)) });
    }
  }

  #compensate(stepId: string): void {
    const position = this.#position(stepId);
    const call = this.workflow.steps[position]!.compensate as PreparedCall;
    this.#announce({ event: 'compensation_started', step_id: stepId });
    const spec = {
      ref: { step_id: stepId },
      call,
      config: () => fillConfig(call, this.#scope, position, true, {}),
      attempt: 1,
      timeout: this.workflow.definition.steps[position]!.timeout,
      compensation: true,
    };
    const attempt = new Attempt(this, spec, (result) => {
      this.#attempts.delete(stepId);
      const error = result.type === 'failed' ? { error: result.error } : {};
      this.dispatch({ type: 'compensated', at: this.now(), step_id: stepId, ...error });
    });
    attempt.begin();
    if (!attempt.ended) this.#attempts.set(stepId, attempt);
  }

  #finish(): void {
    this.#release(false);
    this.#resolve(this.snapshot());
  }

  #release(abandoned: boolean): void {
    this.#ended = true;
    for (const clear of this.#timers.values()) clear();
    this.#timers.clear();
    this.#inbox = [];
    this.#services.ended(abandoned);
  }

  #position(stepId: string): number {
    return this.workflow.definition.positions.get(stepId)!;
  }

  // What attempts need

  now(): number {
    return this.#services.clock.now();
  }

  setTimer(milliseconds: number, callback: () => void): () => void {
    return this.#services.clock.setTimer(this.now() + milliseconds, callback);
  }

  executionsFor(ref: RunRef): Executions {
    return this.#services.executionsFor(ref);
  }

  clean(value: unknown): JsonValue {
    try {
      const json = toJson(value, { maxBytes: this.#services.maxPayload });
      const { redactor } = this.#services;
      return redactor.active ? redactor.redact(json) : json;
    } catch (error) {
      if (!(error instanceof VwmpError) || error.code !== 'VALUE_INVALID') throw error;
      throw new VwmpError('OUTPUT_INVALID', `The output cannot be kept: ${error.message}`, {
        cause: error,
        retryable: false,
      });
    }
  }

  redactError(error: ErrorInfo): ErrorInfo {
    const { redactor } = this.#services;
    return redactor.active ? (redactor.redact(error as unknown as JsonValue) as unknown as ErrorInfo) : error;
  }

  log(ref: RunRef, level: LogLevel, message: string, data: unknown): void {
    if (!this.#announcer.watched) return;
    const { redactor } = this.#services;
    const clean = data === undefined ? {} : { data: this.#cleanQuietly(data) };
    this.#announce({ event: 'log', ...ref, level, message: redactor.text(message), ...clean });
  }

  /** A log line must not fail a step. */
  #cleanQuietly(data: unknown): JsonValue {
    try {
      return this.clean(data);
    } catch (error) {
      return `(${error instanceof Error ? error.message : String(error)})`;
    }
  }

  progress(ref: RunRef, progress: Progress): void {
    if (!this.#announcer.watched) return;
    const { total, completed, failed = 0, message } = progress;
    const percentage = total > 0 ? Math.min(100, Math.round(((completed + failed) / total) * 100)) : 0;
    const text = message === undefined ? {} : { message: this.#services.redactor.text(message) };
    this.#announce({ event: 'progress', ...ref, total, completed, failed, percentage, ...text });
  }

  #announce(event: AnnouncedEvent): void {
    if (this.#announcer.watched) this.#announcer.announce(event, isoTime(this.now()));
  }
}

function pick(ref: RunRef): RunRef {
  return ref.index === undefined ? { step_id: ref.step_id } : { step_id: ref.step_id, index: ref.index };
}
