import {
  type Command,
  type ExecutionState,
  evolve,
  type Input,
  initialState,
  type Run,
} from '../machine/index.ts';
import type { RunRef, StoredEvent } from '../model/event.ts';
import { Announcer } from './announcer.ts';
import { AttemptSupport } from './attempt-support.ts';
import { CommandRunner, type Lists } from './command-runner.ts';
import { type Assembly, assemble, type LaunchHost, type LaunchOptions } from './launch.ts';
import type { BoundParameters } from './parameters.ts';
import type { Relatives } from './relatives.ts';
import { ScopeBuilder } from './scope.ts';
import type { CommandServices } from './services.ts';
import { runAt } from './waits.ts';
import type { Workflow } from './workflow.ts';

/** What belongs to an execution that somebody else owns. */
export interface LoneOptions extends Pick<LaunchOptions, 'id' | 'redactor' | 'trigger'> {
  /** The first event of it. */
  readonly first: StoredEvent;
}

/** One attempt that is carried out apart from its execution. */
export interface LoneAttempt {
  /** The run that it belongs to, as recorded when it was prepared. */
  readonly run: Run;
  /** How many iterations of a repeat had ended. */
  readonly iteration: number;
  /** @returns what is to be told to the machine of the owner */
  begin(command: Extract<Command, { type: 'run' | 'resume' }>): Promise<Input>;
  /** Asks it to end; `begin` resolves when it has, or after the grace period. */
  abort(): void;
}

/**
 * An execution as a process sees it that does not own it, and carries out attempts of it. Its state comes from recorded
 * events alone, and nothing is recorded here. Attempts may run while it moves on: they read what was settled before them.
 */
export class LoneExecution {
  readonly #workflow: Workflow;
  readonly #assembly: Assembly;
  readonly #state: ExecutionState;
  readonly #scope: ScopeBuilder;
  readonly #lists: Lists = new Map();
  #seq = 0;

  constructor(
    host: LaunchHost,
    workflow: Workflow,
    parameters: BoundParameters,
    { first, ...options }: LoneOptions,
  ) {
    this.#workflow = workflow;
    this.#assembly = assemble(host, workflow, parameters, { ...options, history: [first] });
    this.#state = initialState(workflow.definition);
    this.#scope = new ScopeBuilder(workflow.definition, this.#state, this.#assembly.scope);
  }

  get completed(): boolean {
    return this.#state.phase === 'completed';
  }

  /** True when it was cancelled or timed out: nothing begins any more. */
  get stopping(): boolean {
    return this.#state.phase === 'stopping';
  }

  /** Takes in the next event. */
  evolve(event: StoredEvent): void {
    evolve(this.#workflow.definition, this.#state, event, event.timestamp);
    this.#seq = event.seq;
  }

  /** Prepares the attempt that is in progress there; undefined when none is. */
  prepare(ref: RunRef, relatives: Relatives): LoneAttempt | undefined {
    const workflow = this.#workflow;
    const state = this.#state;
    const run = runAt(workflow.definition, state, ref);
    if (!run) return undefined;
    const { identity, scope } = this.#assembly;
    const services: CommandServices = {
      ...this.#assembly.services,
      executions: (starter) => relatives.executions(starter),
      cancelChild: (childId) => relatives.cancel(childId),
    };
    const { id, workflow_id } = identity;
    const announcer = new Announcer(id, this.#seq, services.observers, (error) =>
      services.warn('An observer threw.', error),
    );
    const describe = () => ({ id, workflow_id, started_at: state.started_at });
    const ended = Promise.withResolvers<Input>();
    const runner = new CommandRunner({
      ...{ workflow, state, services, scope: this.#scope, lists: this.#lists },
      support: new AttemptSupport(scope.parameters ?? {}, describe, services, announcer),
      dispatch: (input) => ended.resolve(input),
      finish: () => {},
      settled: () => {},
    });
    const position = workflow.definition.positions.get(ref.step_id)!;
    return {
      run: { ...run },
      iteration: state.steps[position]!.iteration,
      begin(command) {
        runner.carryOut(command);
        return ended.promise;
      },
      abort: () => runner.abortAll(),
    };
  }
}
