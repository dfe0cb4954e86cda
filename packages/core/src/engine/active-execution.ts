import { VwmpError } from '../errors.ts';
import {
  type Command,
  type ExecutionState,
  evolve,
  type Input,
  initialState,
  isoTime,
  isUndoing,
  resume,
  transition,
} from '../machine/index.ts';
import { pickRef } from '../machine/schedule.ts';
import type { ExecutionEvent, RunRef, StoredEvent, Wait } from '../model/event.ts';
import type { Execution } from '../model/execution.ts';
import { Announcer } from './announcer.ts';
import { AttemptSupport } from './attempt-support.ts';
import { CommandRunner } from './command-runner.ts';
import { isBeginning, starting, takeComputing, withoutAborted } from './commands.ts';
import type { Facts, Journal } from './journal.ts';
import { parkUntil } from './park.ts';
import { permanent } from './permanent.ts';
import { type ExecutionIdentity, summaryOf, toExecution } from './result.ts';
import { type ExecutionScope, ScopeBuilder } from './scope.ts';
import type { Ending, ExecutionServices } from './services.ts';
import { roundAt, runAt, type Waits, waitsOf } from './waits.ts';
import type { Workflow } from './workflow.ts';

/** After so many facts they are recorded, however many more can be computed. */
const mostAtOnce = 256;

const none: readonly string[] = [];

/** How long the machine may run on without letting the event loop turn, in milliseconds. */
const slice = 10;

/**
 * Drives one execution: feeds the machine with what happened, records the facts that follow, and has
 * its commands carried out. Facts are on disk before any command that follows from them is carried out, but for the start of one that
 * was queued. Without a store everything between two waits happens in one go, with no promise in between.
 */
export class ActiveExecution {
  readonly identity: ExecutionIdentity;
  readonly workflow: Workflow;
  readonly #services: ExecutionServices;
  readonly #state: ExecutionState;
  readonly #announcer: Announcer;
  readonly #runner: CommandRunner;
  #inbox: Input[] = [];
  /** Ids of the messages that the inbox holds, and of those that have yet to be recorded as handled. */
  #handled: string[] = [];
  #draining = false;
  /** It was woken since it was last seen whether it can be let go of. */
  woken = false;
  #leaving = false;
  #steps = 0;
  /** When the event loop was last let turn. */
  #turned: number;
  /** Who waits until what is in the inbox has been recorded. */
  #accepting: PromiseWithResolvers<void>[] = [];
  #ended = false;
  /** Why this process had to let go of it. */
  #failure: { error: unknown } | undefined;
  #result: PromiseWithResolvers<Execution> | undefined;
  /** Number of the last event that is in the journal. */
  #recorded: number;

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
    this.#recorded = history.at(-1)?.seq ?? 0;
    this.#announcer = new Announcer(identity.id, this.#recorded, services.observers, (error) =>
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
      finish: () => this.#release('completed'),
      settled: () => this.wake(),
    });
  }

  /** Made when it is first asked for: a platform has its executions read by whoever wants to know. */
  get result(): Promise<Execution> {
    if (!this.#result) {
      this.#result = Promise.withResolvers();
      // Whoever started it may look at the result later; an unseen failure to record must not end the process.
      this.#result.promise.catch(() => {});
      this.#settle();
    }
    return this.#result.promise;
  }

  #settle(): void {
    if (!this.#ended || !this.#result) return;
    if (this.#failure) this.#result.reject(this.#failure.error);
    else this.#result.resolve(this.snapshot());
  }

  /**
   * Begins it, or goes on with it when it was made from a history. Resolves once that is recorded. What was {@link deliver}ed
   * before is looked at together with it.
   */
  async begin(): Promise<void> {
    const at = this.now();
    if (this.#state.phase === 'pending') {
      const { workflow_id, workflow_version, parameters, trigger } = this.identity;
      const start: Input = { type: 'start', at, workflow_id, workflow_version };
      // Of one that was queued everything else is recorded already.
      if (this.#announcer.seq === 0)
        Object.assign(start, { parameters }, trigger === undefined ? {} : { trigger });
      this.#inbox.unshift(start);
      await this.#accepted();
    } else if (this.#state.phase === 'completed') {
      this.#release('completed');
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
    this.#inbox.push(input);
    return this.#accepted();
  }

  /**
   * Puts in what a stored message says; the message counts as handled once what follows from it is recorded.
   *
   * @param input - missing when the message has nothing to say any more
   */
  deliver(message: string, input?: Input): void {
    this.#handled.push(message);
    if (input) this.#inbox.push(input);
  }

  /** Looks at what was delivered since it began. */
  wake(): void {
    if (this.#ended) return;
    this.woken = true;
    this.#start();
  }

  /** Resolves once what is in the inbox now is recorded. */
  #accepted(): Promise<void> | void {
    if (!this.#services.journal) return this.#start();
    const recorded = Promise.withResolvers<void>();
    this.#accepting.push(recorded);
    this.#start();
    return recorded.promise;
  }

  #start(): void {
    if (this.#draining) return;
    this.#draining = true;
    this.#run([], []);
  }

  /**
   * Cancels it. While it is being undone already, that is given up: the compensation that runs is aborted and those
   * that are left are recorded as failed.
   */
  async cancel(reason: string): Promise<void> {
    if (this.undoing) return this.giveUpUndoing();
    return this.accept(cancellation(reason, this.now()));
  }

  /** Cancels it without waiting until that is recorded; nothing happens when it is being undone or has ended. */
  requestCancel(reason: string): void {
    this.dispatch(cancellation(reason, this.now()));
  }

  giveUpUndoing(): void {
    this.#runner.giveUpUndoing();
  }

  /** Tells the machine of something that happened. */
  dispatch(input: Input): void {
    if (this.#ended) return;
    this.#inbox.push(input);
    this.#start();
  }

  now(): number {
    return this.#services.clock.now();
  }

  snapshot(): Execution {
    return toExecution(this.identity, this.workflow.definition, this.#state);
  }

  /** True while what succeeded is being undone. */
  get undoing(): boolean {
    return isUndoing(this.workflow.definition, this.#state);
  }

  /** False while something that a snapshot shows is not in the store yet: nobody is to be told what a crash could undo. */
  get isRecorded(): boolean {
    return this.#recorded === this.#announcer.seq;
  }

  /** What a step or item waits for; undefined when it does not. */
  waitOf(ref: RunRef): Wait | undefined {
    return runAt(this.workflow.definition, this.#state, ref)?.wait;
  }

  /** True while a worker of another queue is to carry out that task. */
  wants(ref: RunRef, taskId: string): boolean {
    const wait = this.waitOf(ref);
    return this.#state.phase === 'running' && wait?.kind === 'task' && wait.task_id === taskId;
  }

  /** Which wait of its run it is; undefined when it does not wait. */
  roundOf(ref: RunRef): string | undefined {
    return roundAt(this.workflow.definition, this.#state, ref);
  }

  /** Everything that is parked. */
  waits(): Waits {
    return waitsOf(this.workflow.definition, this.#state);
  }

  /** Starts nothing new, and lets go of it as soon as what runs has ended, for whoever takes it up next. Needs a journal. */
  handBack(): void {
    this.#leaving = true;
    this.wake();
  }

  /** Ends the work on it at once, without a word to the machine: a crash on purpose. It can be resumed. */
  abandon(error: unknown): void {
    if (this.#ended) return;
    this.#release('abandoned', error);
    this.#runner.abortAll();
  }

  #run(events: readonly StoredEvent[], commands: readonly Command[]): void {
    const { journal } = this.#services;
    if (journal) {
      this.#drainRecorded(journal, [...events], [...commands]).catch((error: unknown) => this.abandon(error));
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
  async #drainRecorded(journal: Journal, events: StoredEvent[], commands: Command[]): Promise<void> {
    // Whoever reports has more to do than to report: only then is it known whether something still runs.
    await undefined;
    if (this.#ended) return;
    do {
      if (this.#isLong()) {
        await new Promise((resolve) => setImmediate(resolve));
        this.#turned = this.now();
        if (this.#ended) return;
      }
      let accepting = this.#accepting.length;
      const told: ExecutionEvent[] = [...events];
      this.#takeIn(events, commands, told);
      if (this.#mayRunAhead(journal, events)) {
        this.#announcer.holdIn(told);
        this.#carryOut(commands.splice(0));
        await new Promise((resolve) => setImmediate(resolve));
        if (this.#ended) return;
        // What was begun may have signalled the execution itself, and wait for that.
        accepting = this.#accepting.length;
        this.#takeIn(events, commands, told);
        this.#announcer.holdIn(told);
      }
      this.woken = false;
      const park = this.#leave() ?? (this.#leaving ? undefined : this.#park(journal, commands));
      if (events.length > 0 || this.#handled.length > 0 || park) {
        const { seq } = this.#announcer;
        await this.#record(journal, events.splice(0), park);
        this.#recorded = seq;
      }
      this.#announcer.holdIn(undefined);
      this.#tell(told);
      for (const { resolve } of this.#accepting.splice(0, accepting)) resolve();
      if (this.#ended) return;
      if (park) return this.#letGo(commands);
      this.#carryOut(commands.splice(0));
      // What was about to begin when it was asked to leave has not begun, and nothing else will tell.
    } while (
      !this.#ended &&
      (this.#inbox.length > 0 || this.#handled.length > 0 || this.woken || this.#leave())
    );
    this.#draining = false;
  }

  /** Takes in what has come, and what can be computed from that. @param told - what observers are told once it is recorded */
  #takeIn(events: StoredEvent[], commands: Command[], told: ExecutionEvent[]): void {
    do {
      for (const input of this.#inbox.splice(0)) {
        const next = this.#turn(input);
        for (const event of next.events) {
          events.push(event);
          told.push(event);
        }
        for (const command of next.commands) commands.push(command);
      }
      if (this.#leaving) return;
      this.#announcer.holdIn(told);
      for (const command of takeComputing(commands, this.workflow)) this.#runner.carryOut(command);
      this.#announcer.holdIn(undefined);
    } while (this.#inbox.length > 0 && events.length < mostAtOnce && !this.#isLong());
  }

  /**
   * That it has begun, and nothing else, is to be recorded, of one that was queued and claimed: what that starts need not wait. A crash
   * before it is recorded leaves what a crash right after it does: an execution of this owner, of which no step has ended. Steps
   * that end at once are recorded along with it.
   */
  #mayRunAhead({ claims }: Journal, [first, ...others]: readonly StoredEvent[]): boolean {
    if (claims !== true || this.#leaving || others.length > 0) return false;
    return first?.event === 'workflow_started' && first.seq > 1;
  }

  /** Something runs, or has ended and is not looked at yet. */
  get #busy(): boolean {
    return !this.#runner.idle || this.#inbox.length > 0;
  }

  #leave(): Facts['park'] {
    if (!this.#leaving || this.#state.phase === 'completed' || this.#busy) return undefined;
    return { wake_at: isoTime(this.now()) };
  }

  #park(journal: Journal, commands: readonly Command[]): Facts['park'] {
    if (this.#state.phase !== 'running' || this.#busy || isBeginning(commands)) return undefined;
    if (journal.expectant?.()) return undefined;
    return parkUntil(journal, { due: this.#runner.due(), waits: this.waits(), commands, now: this.now() });
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
    // Not before: what the run waits for is known from now on, and a child that has ended already is told of at once.
    if (input.type === 'suspended' && input.wait.kind === 'child')
      this.#services.awaitChild(pickRef(input), input.wait.execution_id);
    if (this.#services.journal || this.#announcer.watched) {
      return { events: this.#announcer.stamp(events, isoTime(input.at)), commands };
    }
    this.#announcer.seq += events.length;
    return { events: [], commands };
  }

  #record(journal: Journal, events: readonly StoredEvent[], park: Facts['park']): Promise<void> {
    const expected_seq = this.#announcer.seq - events.length;
    const handled = this.#handled.length > 0 ? this.#handled.splice(0) : none;
    return journal.record({
      summary: summaryOf(this.identity, this.#state),
      expected_seq,
      events,
      handled,
      ...(expected_seq === 0 ? { document: this.workflow.document } : undefined),
      ...(park ? { park } : undefined),
    });
  }

  #tell(events: readonly ExecutionEvent[]): void {
    if (this.#announcer.watched) for (const event of events) this.#announcer.tell(event);
  }

  #carryOut(commands: readonly Command[]): void {
    const startable = this.#leaving ? commands.filter(({ type }) => !starting.has(type)) : commands;
    const { rest, dropped } = withoutAborted(startable);
    for (const ref of dropped) this.#inbox.push({ type: 'cancelled', at: this.now(), ...ref });
    for (const command of rest) this.#runner.carryOut(command);
  }

  /** It is parked: whoever takes it up next reads what it needs from the store. */
  #letGo(commands: readonly Command[]): void {
    for (const command of commands) if (command.type === 'cancel_child') this.#runner.carryOut(command);
    const message = `Execution "${this.identity.id}" was parked.`;
    this.#release('parked', new VwmpError('EXECUTION_PARKED', message));
  }

  #over(): VwmpError {
    return permanent('EXECUTION_NOT_ACTIVE', `Execution "${this.identity.id}" has ended.`);
  }

  /** @param error - missing when it is completed */
  #release(how: Ending, error?: unknown): void {
    this.#ended = true;
    if (how !== 'completed') this.#failure = { error };
    this.#runner.release();
    this.#inbox = [];
    this.#services.ended(how, error);
    // What came in while the last facts were written is not recorded, and whoever sent it must not wait for ever.
    for (const { reject } of this.#accepting.splice(0)) reject(this.#failure ? error : this.#over());
    this.#settle();
  }
}

/** The input that cancels an execution. */
export function cancellation(reason: string, at: number): Input {
  const error = { code: 'EXECUTION_CANCELLED', message: reason, retryable: false };
  return { type: 'cancel', at, error };
}
