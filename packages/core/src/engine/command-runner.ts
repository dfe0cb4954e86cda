import { type ErrorInfo, toErrorInfo } from '../errors.ts';
import { type Command, type ExecutionState, type Input, timerKey } from '../machine/index.ts';
import { pickRef } from '../machine/schedule.ts';
import type { RunRef } from '../model/event.ts';
import type { JsonValue } from '../model/json.ts';
import { Attempt, type AttemptResult, type AttemptSpec } from './attempt.ts';
import type { AttemptSupport } from './attempt-support.ts';
import { fillConfig, holds, listOf } from './evaluate.ts';
import { permanent } from './permanent.ts';
import type { LocalScope, ScopeBuilder } from './scope.ts';
import type { CommandServices } from './services.ts';
import { Slots } from './slots.ts';
import { Timers } from './timers.ts';
import { runAt } from './waits.ts';
import type { Workflow } from './workflow.ts';

type RunCommand = Extract<Command, { type: 'run' | 'resume' }>;

type WithoutTime<T> = T extends Input ? Omit<T, 'at'> : never;

/** Which attempt of which run it was. */
type Reported = RunRef & { attempt: number; iteration: number };

/** The lists of foreach steps, by position. They are pure, so they are kept only while a step runs, and made again after a crash. */
export type Lists = Map<number, { foreach: object; items: readonly JsonValue[] }>;

/** What a runner belongs to. */
export interface CommandRunnerOptions {
  readonly workflow: Workflow;
  readonly state: ExecutionState;
  readonly scope: ScopeBuilder;
  readonly services: CommandServices;
  readonly support: AttemptSupport;
  readonly dispatch: (input: Input) => void;
  readonly finish: () => void;
  /** Told when something is over of which nothing follows: it may be idle now. */
  readonly settled: () => void;
  /** Where several runners work on the same state. */
  readonly lists?: Lists;
}

/** Carries out the commands of the machine, and tells it what came of them. */
export class CommandRunner {
  readonly #options: CommandRunnerOptions;
  #givenUp = false;
  readonly #attempts = new Map<string, Attempt>();
  readonly #timers: Timers;
  readonly #slots: Slots<RunCommand>;
  readonly #lists: Lists;
  /** How many attempts are being taken back from other queues. */
  #withdrawing = 0;

  constructor(options: CommandRunnerOptions) {
    this.#options = options;
    this.#lists = options.lists ?? new Map();
    this.#timers = new Timers(options.services.clock);
    this.#slots = new Slots(options.services.concurrency, (command) => this.#run(command));
  }

  carryOut(command: Command): void {
    switch (command.type) {
      case 'evaluate':
        return this.#evaluate(command.step_id);
      case 'run':
      case 'resume':
        return this.#slots.add(timerKey(command), command);
      case 'abort':
        return this.#abort(command);
      case 'set_timer':
        return this.#setTimer(command.key, Date.parse(command.at));
      case 'clear_timer':
        return this.#timers.clear(command.key);
      case 'withdraw':
        return this.#withdraw(pickRef(command));
      case 'cancel_child':
        return this.#options.services.cancelChild(command.execution_id);
      case 'evaluate_output':
        return this.#evaluateOutput();
      case 'compensate':
        return this.#compensate(command.step_id);
      case 'finish':
        return this.#options.finish();
    }
  }

  /** True while nothing runs and only timers are left. */
  get idle(): boolean {
    return this.#slots.empty && this.#attempts.size === 0 && this.#withdrawing === 0;
  }

  /** When its timers are due by key, in milliseconds since 1970. */
  due(): Map<string, number> {
    return this.#timers.due();
  }

  /** Frees every timer. */
  release(): void {
    this.#timers.clearAll();
    this.#lists.clear();
  }

  /** Ends the compensation that runs, within the grace period; those that are left fail without being tried. */
  giveUpUndoing(): void {
    this.#givenUp = true;
    this.abortAll();
  }

  /** Asks everything that runs to end; nobody is told when it has. */
  abortAll(): void {
    for (const attempt of this.#attempts.values()) attempt.abort();
  }

  get #now(): number {
    return this.#options.services.clock.now();
  }

  #position(stepId: string): number {
    return this.#options.workflow.definition.positions.get(stepId)!;
  }

  #evaluate(stepId: string): void {
    const { workflow, scope, services } = this.#options;
    const position = this.#position(stepId);
    const step = workflow.steps[position]!;
    try {
      const held = holds(step, scope, position);
      const total = held && step.foreach !== undefined ? { total: listOf(step, scope, position).length } : {};
      this.#tell({ type: 'evaluated', step_id: stepId, holds: held, ...total });
    } catch (error) {
      const info = services.payload.error(toErrorInfo(error));
      this.#tell({ type: 'evaluation_failed', step_id: stepId, error: info });
    }
  }

  #run(command: RunCommand): void {
    const { step_id, index } = command;
    const position = this.#position(step_id);
    const step = this.#options.workflow.steps[position]!;
    const { repeat, timeout } = this.#options.workflow.definition.steps[position]!;
    const ref = pickRef(command);
    const elsewhere = this.#options.services.elsewhere?.waitFor(step.step);
    if (elsewhere) {
      const { attempt, iteration } = command;
      const wait =
        command.type === 'resume' ? { ...elsewhere, resume: { payload: command.payload } } : elsewhere;
      this.#tell({ type: 'suspended', ...ref, attempt, iteration, wait });
      return this.#slots.free();
    }
    if (command.type === 'run') {
      this.#options.support.announce({ event: 'step_started', ...ref, attempt: command.attempt });
    }
    this.#begin(
      {
        ref,
        call: step,
        config: () =>
          fillConfig(step, this.#options.scope, position, false, this.#localScope(position, command)),
        attempt: command.attempt,
        index: index ?? (repeat ? command.iteration : undefined),
        timeout,
        resume: command.type === 'resume' ? { payload: command.payload } : undefined,
        waits: runAt(this.#options.workflow.definition, this.#options.state, ref)?.waits,
      },
      (result) => {
        this.#report(ref, position, command, result);
        this.#slots.free();
      },
    );
  }

  #begin(spec: AttemptSpec, report: (result: AttemptResult) => void): void {
    const key = timerKey(spec.ref);
    const attempt = new Attempt(this.#options.support, spec, (result) => {
      this.#attempts.delete(key);
      report(result);
    });
    attempt.begin();
    // Most attempts of light handlers have ended by now, and need not be known.
    if (!attempt.ended) this.#attempts.set(key, attempt);
  }

  /** The item and index of a foreach, the index of a repeat. */
  #localScope(position: number, { index, iteration }: RunCommand): LocalScope {
    if (index !== undefined) return { index, item: this.#items(position)[index] ?? null };
    return this.#options.workflow.steps[position]!.until ? { index: iteration } : {};
  }

  #items(position: number): readonly JsonValue[] {
    const { foreach } = this.#options.state.steps[position]!;
    const known = this.#lists.get(position);
    if (known && known.foreach === foreach) return known.items;
    const step = this.#options.workflow.steps[position]!;
    const items = listOf(step, this.#options.scope, position);
    // Another process carries it on, with other variables of the environment.
    if (foreach && items.length !== foreach.total)
      throw permanent(
        'FOREACH_CHANGED',
        `The foreach of step "${step.step.id}" gives ${items.length} items, and gave ${foreach.total} when it began.`,
      );
    if (foreach) this.#lists.set(position, { foreach, items });
    return items;
  }

  #report(ref: RunRef, position: number, command: RunCommand, result: AttemptResult): void {
    const { services, workflow } = this.#options;
    const { until } = workflow.steps[position]!;
    const { attempt, iteration } = command;
    const reported = { ...ref, attempt, iteration };
    if (result.type === 'succeeded' && until) return this.#checkUntil(reported, position, result);
    if (result.type === 'failed') this.#tell({ ...result, ...reported, random: services.random() });
    else this.#tell({ ...result, ...reported });
  }

  #checkUntil(reported: Reported, position: number, result: AttemptResult & { type: 'succeeded' }): void {
    const { services, scope, workflow } = this.#options;
    const until = workflow.steps[position]!.until!;
    try {
      const local = { index: reported.iteration, output: result.output };
      const again = !until.test(scope.build(until.references, position, false, local));
      this.#tell({ ...result, ...reported, again });
    } catch (error) {
      const info = services.payload.error(toErrorInfo(error));
      this.#tell({ type: 'failed', ...reported, random: services.random(), error: info });
    }
  }

  #abort(command: RunRef): void {
    const ref = pickRef(command);
    const key = timerKey(ref);
    const attempt = this.#attempts.get(key);
    if (attempt) return attempt.abort();
    if (this.#slots.withdraw(key)) return this.#cancelled(ref);
    // Whoever has it reports within the grace period of his own, once he has heard of it; he may have died, too.
    this.#timers.set(key, this.#now + 2 * this.#options.services.gracePeriod, () => this.#cancelled(ref));
    this.#withdraw(ref);
  }

  #withdraw(ref: RunRef): void {
    const { state, workflow, services, settled } = this.#options;
    const wait = runAt(workflow.definition, state, ref)?.wait;
    // It may have ended along with what it was to be taken back for.
    if (wait?.kind !== 'task' || !services.elsewhere) return settled();
    this.#withdrawing++;
    void services.elsewhere
      .withdraw(wait)
      .catch((error: unknown) => {
        services.warn('A task could not be taken back.', error);
        return false;
      })
      .then((withdrawn) => {
        this.#withdrawing--;
        if (withdrawn) this.#cancelled(ref);
        else settled();
      });
  }

  #cancelled(ref: RunRef): void {
    this.#tell({ type: 'cancelled', ...ref });
  }

  #tell(input: WithoutTime<Input>): void {
    this.#options.dispatch({ at: this.#now, ...input } as Input);
  }

  #setTimer(key: string, due: number): void {
    const { services, dispatch } = this.#options;
    this.#timers.set(key, due, () => {
      dispatch({ type: 'timer', key, at: Math.max(this.#now, due), random: services.random() });
    });
  }

  #evaluateOutput(): void {
    const { workflow, scope, services } = this.#options;
    const output = workflow.output!;
    try {
      const value = output.evaluate(scope.build(output.references, undefined, false, {}));
      this.#tell({ type: 'output', output: services.payload.clean(value) });
    } catch (error) {
      const cause = services.payload.error(toErrorInfo(error));
      const message = `The "output" of the workflow could not be made: ${cause.message}`;
      this.#tell({ type: 'output_failed', error: { ...cause, message } });
    }
  }

  #compensate(stepId: string): void {
    const { workflow, scope, support } = this.#options;
    const position = this.#position(stepId);
    const call = workflow.steps[position]!.compensate!;
    if (this.#givenUp) {
      const error = undoingGivenUp(stepId);
      return this.#tell({ type: 'compensated', step_id: stepId, error });
    }
    support.announce({ event: 'compensation_started', step_id: stepId });
    this.#begin(
      {
        ref: { step_id: stepId },
        call,
        config: () => fillConfig(call, scope, position, true, {}),
        attempt: 1,
        timeout: workflow.definition.steps[position]!.timeout,
        compensation: true,
      },
      (result) => {
        const error = result.type === 'failed' ? { error: result.error } : {};
        if (result.type === 'cancelled') Object.assign(error, { error: undoingGivenUp(stepId) });
        this.#tell({ type: 'compensated', step_id: stepId, ...error });
      },
    );
  }
}

function undoingGivenUp(stepId: string): ErrorInfo {
  const message = `The compensation of step "${stepId}" was given up: the execution was cancelled again, or its engine closed.`;
  return { code: 'STEP_CANCELLED', message, retryable: false };
}
