import { type Command, evolve, type Input, initialState, type Run } from '../machine/index.ts';
import type { StoredEvent } from '../model/event.ts';
import { Announcer } from './announcer.ts';
import { AttemptSupport } from './attempt-support.ts';
import { CommandRunner } from './command-runner.ts';
import { assemble, type LaunchHost, type LaunchOptions } from './launch.ts';
import type { BoundParameters } from './parameters.ts';
import { ScopeBuilder } from './scope.ts';
import { runAt } from './waits.ts';
import type { Workflow } from './workflow.ts';

/** What a process that does not own an execution needs to carry out one attempt of it. */
export type LoneOptions = Omit<LaunchOptions, 'journal' | 'signal' | 'elsewhere' | 'ended'> & {
  history: readonly StoredEvent[];
};

/** One attempt that is carried out apart from its execution. */
export interface LoneAttempt {
  /** The run that it belongs to, as recorded; undefined when it is not in progress. */
  readonly run: Run | undefined;
  /** @returns what is to be told to the machine of the owner */
  begin(command: Extract<Command, { type: 'run' | 'resume' }>): Promise<Input>;
  /** Asks it to end; `begin` resolves when it has, or after the grace period. */
  abort(): void;
}

/** Puts together what one attempt needs, from the recorded events. Nothing of it is recorded here. */
export function prepareAttempt(
  host: LaunchHost,
  workflow: Workflow,
  parameters: BoundParameters,
  ref: { step_id: string; index?: number },
  options: LoneOptions,
): LoneAttempt {
  const { definition } = workflow;
  const { history } = options;
  const state = initialState(definition);
  for (const event of history) evolve(definition, state, event, event.timestamp);
  const { identity, scope, services } = assemble(host, workflow, parameters, { ...options, ended: () => {} });
  const { id, workflow_id } = identity;
  const announcer = new Announcer(id, history.at(-1)?.seq ?? 0, services.observers, (error) =>
    services.warn('An observer threw.', error),
  );
  const describe = () => ({ id, workflow_id, started_at: state.started_at });
  const ended = Promise.withResolvers<Input>();
  const runner = new CommandRunner({
    workflow,
    state,
    services: { ...services, awaitChild: () => {} },
    scope: new ScopeBuilder(definition, state, scope),
    support: new AttemptSupport(scope.parameters ?? {}, describe, services, announcer),
    dispatch: (input) => ended.resolve(input),
    finish: () => {},
  });
  return {
    run: runAt(definition, state, ref),
    begin(command) {
      runner.carryOut(command);
      return ended.promise;
    },
    abort: () => runner.abortAll(),
  };
}
