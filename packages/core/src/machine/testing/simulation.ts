import type { RecordedEvent, RunRef } from '../../model/event.ts';
import type { WorkflowDocument } from '../../model/workflow.ts';
import { type Command, executionTimer, timerRun } from '../command.ts';
import { compileDefinition, type Definition } from '../definition.ts';
import { evolve } from '../evolve.ts';
import type { Input } from '../input.ts';
import { type ExecutionState, initialState } from '../state.ts';
import { isoTime } from '../time.ts';
import { resume, type Transition, transition } from '../transition.ts';
import {
  type AttemptRef,
  answerOf,
  keyOf,
  type Plan,
  type PlannedWait,
  plannedAttempt,
  runRef,
  sameRun,
} from './plan.ts';
import { type Body, reportOf, signalOf, type Task } from './report.ts';

export interface Turned {
  /** Missing for a resumption after a crash. */
  input?: Input;
  events: readonly RecordedEvent[];
  commands: readonly Command[];
}

/**
 * The world around the machine: carries out its commands by a plan, with a clock that nobody waits
 * for. The choices say which of the things that could happen next does; the plan what comes of it. So
 * outcomes depend on the plan, and only their order on the choices.
 */
export class Simulation {
  readonly definition: Definition;
  state: ExecutionState;
  readonly history: { event: RecordedEvent; at: number }[] = [];
  readonly timers: Map<string, string> = new Map();
  readonly tasks: Task[] = [];
  clock: number = Date.UTC(2026, 0, 1);
  inputs = 0;
  finished = 0;
  /** Called after each turn, before its commands are carried out. */
  observe: (turned: Turned) => void = () => {};
  readonly plan: Plan;
  readonly #choices: readonly number[];
  #chosen = 0;
  /** Signals that somebody out there will send, by what they answer; they may come before anyone waits. */
  readonly #owed: Map<string, string> = new Map();
  readonly #sent: string[] = [];

  constructor(document: WorkflowDocument, plan: Plan, choices: readonly number[]) {
    this.definition = compileDefinition(document);
    this.state = initialState(this.definition);
    this.plan = plan;
    this.#choices = choices;
  }

  /** Runs until the execution has ended. */
  run(): this {
    while (this.state.phase !== 'completed') this.advance();
    return this;
  }

  /** Lets one thing happen. */
  advance(): void {
    if (this.inputs > 20_000) throw new Error('The execution does not end.');
    this.clock += this.choose(3) * 7;
    const { stop } = this.plan;
    if (this.state.phase === 'pending') {
      this.feed({ type: 'start', workflow_id: 'any', workflow_version: '1.0.0', parameters: {} });
    } else if (stop && this.inputs >= stop.after && this.state.phase === 'running') {
      this.#stop(stop.cause);
    } else {
      const possible = this.#possible();
      if (possible.length === 0)
        throw new Error(`Nothing can happen any more: ${JSON.stringify(this.state)}`);
      possible[this.choose(possible.length)]!();
    }
  }

  /** The next choice: a number from 0 up to, but not including, `below`. */
  choose(below: number): number {
    const drawn =
      this.#choices[this.#chosen % this.#choices.length]! +
      31 * Math.floor(this.#chosen / this.#choices.length);
    this.#chosen++;
    return drawn % below;
  }

  feed(body: Body): Transition {
    this.inputs++;
    const input = { ...body, at: this.clock } as Input;
    const turned = transition(this.definition, this.state, input);
    this.#absorb({ input, ...turned });
    return turned;
  }

  /** The process ends, and another goes on later with the first `kept` of the recorded events. */
  crash(kept: number): void {
    this.history.length = kept;
    this.clock += this.choose(3) * 2000;
    this.state = replay(this.definition, this.history);
    this.timers.clear();
    this.tasks.length = 0;
    this.finished = this.state.phase === 'completed' ? 1 : 0;
    this.#sent.length = this.history.filter(({ event }) => event.event === 'signal_received').length;
    this.#absorb(resume(this.definition, this.state, this.clock));
  }

  #absorb(turned: Turned): void {
    for (const event of turned.events) this.history.push({ event, at: this.clock });
    this.observe(turned);
    for (const command of turned.commands) this.#obey(command);
  }

  #obey(command: Command): void {
    switch (command.type) {
      case 'evaluate':
      case 'compensate':
        this.tasks.push({ type: command.type, step_id: command.step_id });
        break;
      case 'evaluate_output':
        this.tasks.push({ type: 'evaluate_output' });
        break;
      case 'run':
        this.tasks.push({
          type: 'attempt',
          ref: attemptRef(command),
          waited: 0,
          heard: null,
          aborted: false,
        });
        this.#owe(attemptRef(command));
        break;
      case 'resume':
        this.#goOn(attemptRef(command), command.payload as string | null);
        break;
      case 'abort':
        for (const task of this.tasks)
          if (task.type === 'attempt' && sameRun(task.ref, command)) task.aborted = true;
        break;
      case 'set_timer':
        this.timers.set(command.key, command.at);
        break;
      case 'clear_timer':
        this.timers.delete(command.key);
        break;
      case 'finish':
        this.finished++;
    }
  }

  #goOn(ref: AttemptRef, heard: string | null): void {
    const waited = this.#waited(ref);
    const expected = answerOf(plannedAttempt(this.plan, ref).waits[waited - 1]!, ref, waited - 1);
    if (heard !== expected) throw new Error(`${keyOf(ref)} heard ${heard} instead of ${expected}.`);
    this.tasks.push({ type: 'attempt', ref, waited, heard, aborted: false });
  }

  #owe(ref: AttemptRef): void {
    plannedAttempt(this.plan, ref).waits.forEach((wait, ordinal) => {
      const key = `${keyOf(ref)}/${ordinal}`;
      if (wait.comes && (wait.on === 'signal' || wait.on === 'shared'))
        this.#owed.set(key, signalOf(wait, ref, ordinal));
    });
  }

  /** How many waits of an attempt are on record. */
  #waited(ref: AttemptRef): number {
    let waited = 0;
    for (let i = this.history.length - 1; i >= 0; i--) {
      const { event } = this.history[i]!;
      if (event.event === 'iteration_completed' && event.step_id === ref.step_id) break;
      if (event.event === 'step_waiting' && sameRun(event, ref) && event.attempt === ref.attempt) waited++;
    }
    return waited;
  }

  /** Everything that could happen now. */
  #possible(): (() => void)[] {
    const possible: (() => void)[] = this.tasks.map((task, i) => () => {
      this.tasks.splice(i, 1);
      this.feed(reportOf(this, task, this.choose(100) / 100));
    });
    for (const [key, signal] of this.#owed) {
      if (this.#sent.includes(key)) continue;
      possible.push(() => {
        this.#sent.push(key);
        this.feed({ type: 'signal', signal, payload: signal });
      });
    }
    for (const { ref, wait, ordinal } of this.#parked()) {
      if (!wait.comes || (wait.on !== 'approval' && wait.on !== 'child')) continue;
      possible.push(() =>
        this.feed({ type: 'resume', ...runRef(ref), payload: answerOf(wait, ref, ordinal) }),
      );
    }
    const held = this.#parked().filter(({ wait }) => wait.comes && wait.on !== 'timer');
    for (const [key, at] of this.timers) {
      if (key === executionTimer || held.some(({ ref }) => sameRun(ref, timerRun(key)))) continue;
      possible.push(() => this.#fire(key, at));
    }
    return possible;
  }

  #parked(): { ref: AttemptRef; wait: PlannedWait; ordinal: number }[] {
    return this.definition.steps.flatMap(({ id, index: position }) => {
      const { run, foreach, iteration } = this.state.steps[position]!;
      const runs: (readonly [RunRef, typeof run])[] = foreach
        ? Object.entries(foreach.active).map(([index, item]) => [{ step_id: id, index: Number(index) }, item])
        : [[{ step_id: id }, run]];
      return runs.flatMap(([parked, item]) => {
        if (!item?.wait) return [];
        const ref = { ...parked, iteration, attempt: item.attempt };
        const ordinal = this.#waited(ref) - 1;
        return [{ ref, ordinal, wait: plannedAttempt(this.plan, ref).waits[ordinal]! }];
      });
    });
  }

  #fire(key: string, at: string): void {
    this.clock = Math.max(this.clock, Date.parse(at));
    this.timers.delete(key);
    this.feed({ type: 'timer', key, random: this.choose(100) / 100 });
  }

  #stop(cause: 'cancelled' | 'timeout'): void {
    if (cause === 'timeout') this.#fire(executionTimer, this.timers.get(executionTimer)!);
    else this.feed({ type: 'cancel', error: { code: 'EXECUTION_CANCELLED', message: 'Cancelled.' } });
  }
}

/** The state that recorded events give. */
export function replay(
  definition: Definition,
  history: readonly { event: RecordedEvent; at: number }[],
): ExecutionState {
  const state = initialState(definition);
  for (const { event, at } of history) evolve(definition, state, structuredClone(event), isoTime(at));
  return state;
}

function attemptRef(command: Command & { type: 'run' | 'resume' }): AttemptRef {
  return { ...runRef(command), attempt: command.attempt, iteration: command.iteration };
}
