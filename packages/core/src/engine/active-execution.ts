import { VwmpError } from '../errors.ts';
import {
  type Command,
  type ExecutionState,
  evolve,
  type Input,
  initialState,
  isoTime,
  resume,
  transition,
} from '../machine/index.ts';
import type { RunRef, StoredEvent, Wait } from '../model/event.ts';
import type { Execution } from '../model/execution.ts';
import type { ExecutionStore } from '../ports/execution-store.ts';
import { Announcer } from './announcer.ts';
import { AttemptSupport } from './attempt-support.ts';
import { CommandRunner } from './command-runner.ts';
import { type ExecutionIdentity, statusOf, toExecution } from './result.ts';
import { type ExecutionScope, ScopeBuilder } from './scope.ts';
import type { ExecutionServices } from './services.ts';
import type { Workflow } from './workflow.ts';

/** How long the machine may run on without letting the event loop turn, in milliseconds. */
const slice = 10;

/**
 * Drives one execution: feeds the machine with what happened, records the facts that follow, and has
 * its commands carried out. Facts are on disk before any command that follows from them is carried out. Without
 * a store everything between two waits happens in one go, with no promise in between.
 */
export class ActiveExecution {
  readonly identity: ExecutionIdentity;
  readonly workflow: Workflow;
  readonly result: Promise<Execution>;
  readonly #services: ExecutionServices;
  readonly #state: ExecutionState;
  readonly #announcer: Announcer;
  readonly #runner: CommandRunner;
  #inbox: Input[] = [];
  #draining = false;
  #steps = 0;
  /** When the event loop was last let turn. */
  #turned: number;
  /** Who waits until what is in the inbox has been recorded. */
  #accepting: PromiseWithResolvers<void>[] = [];
  #ended = false;
  #resolve!: (execution: Execution) => void;
  #reject!: (error: unknown) => void;

  /** @param history - what was recorded of it before; empty for a new one */
  constructor(
    identity: ExecutionIdentity,
    workflow: Workflow,
    scope: ExecutionScope,
    services: ExecutionServices,
    history: readonly StoredEvent[] = [],
  ) {
    this.identity = identity;
    this.workflow = workflow;
    this.#services = services;
    this.#turned = services.clock.now();
    const state = initialState(workflow.definition);
    for (const event of history) evolve(workflow.definition, state, event, event.timestamp);
    this.#state = state;
    this.#announcer = new Announcer(identity.id, history.at(-1)?.seq ?? 0, services.observers, (error) =>
      services.warn('An observer threw.', error),
    );
    const { id, workflow_id } = identity;
    const describe = () => ({ id, workflow_id, started_at: state.started_at });
    this.#runner = new CommandRunner({
      workflow,
      state,
      services,
      scope: new ScopeBuilder(workflow.definition, state, scope),
      support: new AttemptSupport(scope.parameters ?? {}, describe, services, this.#announcer),
      dispatch: (input) => this.dispatch(input),
      finish: () => this.#finish(),
    });
    this.result = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // Whoever started it may look at the result later; an unseen failure to record must not end the process.
    this.result.catch(() => {});
  }

  /** Begins it, or goes on with it when it was made from a history. Resolves once that is recorded. */
  async begin(): Promise<void> {
    const at = this.now();
    if (this.#state.phase === 'pending') {
      const { workflow_id, workflow_version, parameters, trigger } = this.identity;
      const given = trigger === undefined ? {} : { trigger };
      await this.accept({ type: 'start', at, workflow_id, workflow_version, parameters, ...given });
    } else if (this.#state.phase === 'completed') {
      this.#finish();
    } else {
      this.#draining = true;
      const { events, commands } = resume(this.workflow.definition, this.#state, at);
      this.#run(this.#announcer.stamp(events, isoTime(at)), commands);
    }
  }

  /**
   * Tells the machine of something that someone outside wants. Resolves once what follows from it is
   * recorded, so that nothing accepted is lost; rejects when it could not be.
   */
  async accept(input: Input): Promise<void> {
    if (this.#ended) throw this.#over();
    if (!this.#services.store) return this.dispatch(input);
    const recorded = Promise.withResolvers<void>();
    this.#accepting.push(recorded);
    this.dispatch(input);
    return recorded.promise;
  }

  /**
   * Cancels it. While it is being undone already, that is given up: the compensation that runs is aborted and those
   * that are left are recorded as failed.
   */
  async cancel(reason: string): Promise<void> {
    if (this.#state.phase === 'compensating') return this.giveUpUndoing();
    return this.accept(this.#cancellation(reason));
  }

  /** Cancels it without waiting until that is recorded; nothing happens when it is being undone or has ended. */
  requestCancel(reason: string): void {
    this.dispatch(this.#cancellation(reason));
  }

  giveUpUndoing(): void {
    this.#runner.giveUpUndoing();
  }

  #cancellation(reason: string): Input {
    const error = { code: 'EXECUTION_CANCELLED', message: reason, retryable: false };
    return { type: 'cancel', at: this.now(), error };
  }

  /** Tells the machine of something that happened. */
  dispatch(input: Input): void {
    if (this.#ended) return;
    this.#inbox.push(input);
    if (this.#draining) return;
    this.#draining = true;
    this.#run([], []);
  }

  now(): number {
    return this.#services.clock.now();
  }

  snapshot(): Execution {
    return toExecution(this.identity, this.workflow.definition, this.#state);
  }

  /** What a step or item waits for; undefined when it does not. */
  waitOf(ref: RunRef): Wait | undefined {
    return this.waits().find(({ ref: { step_id, index } }) => step_id === ref.step_id && index === ref.index)
      ?.wait;
  }

  /** Everything that is parked. */
  waits(): { ref: RunRef; wait: Wait }[] {
    const waits: { ref: RunRef; wait: Wait }[] = [];
    this.#state.steps.forEach(({ run, foreach }, position) => {
      const step_id = this.workflow.definition.steps[position]!.id;
      if (run?.wait) waits.push({ ref: { step_id }, wait: run.wait });
      for (const [index, item] of Object.entries(foreach?.active ?? {})) {
        if (item.wait) waits.push({ ref: { step_id, index: Number(index) }, wait: item.wait });
      }
    });
    return waits;
  }

  /** Ends the work on it at once, without a word to the machine: a crash on purpose. It can be resumed. */
  abandon(error: unknown): void {
    if (this.#ended) return;
    this.#release(true);
    this.#runner.abortAll();
    for (const { reject } of this.#accepting.splice(0)) reject(error);
    this.#reject(error);
  }

  #run(events: readonly StoredEvent[], commands: readonly Command[]): void {
    const { store } = this.#services;
    if (store) {
      this.#drainRecorded(store, [...events], [...commands]).catch((error: unknown) => this.abandon(error));
      return;
    }
    try {
      this.#drain(events, commands);
    } catch (error) {
      this.abandon(error);
    }
  }

  #drain(events: readonly StoredEvent[], commands: readonly Command[]): void {
    this.#tell(events);
    this.#carryOut(commands);
    for (let i = 0; i < this.#inbox.length && !this.#ended; i++) {
      const next = this.#turn(this.#inbox[i]!);
      this.#tell(next.events);
      this.#carryOut(next.commands);
      if (this.#isLong()) {
        this.#inbox.splice(0, i + 1);
        setImmediate(() => {
          this.#turned = this.now();
          this.#run([], []);
        });
        return;
      }
    }
    this.#inbox = [];
    this.#draining = false;
  }

  /** Whatever came in while the last facts were written is recorded in one go. */
  async #drainRecorded(store: ExecutionStore, events: StoredEvent[], commands: Command[]): Promise<void> {
    do {
      if (this.#isLong()) {
        await new Promise((resolve) => setImmediate(resolve));
        this.#turned = this.now();
        if (this.#ended) return;
      }
      const accepting = this.#accepting.slice();
      for (const input of this.#inbox.splice(0)) {
        const next = this.#turn(input);
        for (const event of next.events) events.push(event);
        for (const command of next.commands) commands.push(command);
      }
      if (events.length > 0) await this.#record(store, events.splice(0));
      for (const { resolve } of this.#accepting.splice(0, accepting.length)) resolve();
      if (this.#ended) return;
      this.#carryOut(commands.splice(0));
    } while (this.#inbox.length > 0);
    this.#draining = false;
  }

  /** Handlers and stores that answer with a promise at once hold up the event loop like those that answer at once. */
  #isLong(): boolean {
    return (++this.#steps & 63) === 0 && this.now() - this.#turned > slice;
  }

  /** Facts carry the time of the input that they follow from, so that a replay gives the same state. */
  #turn(input: Input): { events: readonly StoredEvent[]; commands: readonly Command[] } {
    // What waited in the inbox counts from now: times in the history never run backwards.
    input.at = Math.max(input.at, this.now());
    const { events, commands } = transition(this.workflow.definition, this.#state, input);
    if (this.#services.store || this.#announcer.watched) {
      return { events: this.#announcer.stamp(events, isoTime(input.at)), commands };
    }
    this.#announcer.seq += events.length;
    return { events: [], commands };
  }

  async #record(store: ExecutionStore, events: readonly StoredEvent[]): Promise<void> {
    const expected_seq = events[0]!.seq - 1;
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
    const document = expected_seq === 0 ? { document: this.workflow.document } : {};
    await store.append({ summary, expected_seq, epoch: 0, events, ...document });
    this.#tell(events);
  }

  #tell(events: readonly StoredEvent[]): void {
    if (this.#announcer.watched) for (const event of events) this.#announcer.tell(event);
  }

  #carryOut(commands: readonly Command[]): void {
    for (const command of commands) this.#runner.carryOut(command);
  }

  #finish(): void {
    this.#release(false);
    // What came in while the last facts were written is not recorded, and whoever sent it must not wait for ever.
    for (const { reject } of this.#accepting.splice(0)) reject(this.#over());
    this.#resolve(this.snapshot());
  }

  #over(): VwmpError {
    return new VwmpError('EXECUTION_NOT_ACTIVE', `Execution "${this.identity.id}" has ended.`, {
      retryable: false,
    });
  }

  #release(abandoned: boolean): void {
    this.#ended = true;
    this.#runner.release();
    this.#inbox = [];
    this.#services.ended(abandoned);
  }
}
