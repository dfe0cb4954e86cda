import { toErrorInfo } from '../errors.ts';
import { isoTime } from '../machine/index.ts';
import type { StoredEvent } from '../model/event.ts';
import type { Workspace } from '../plugin/handler.ts';
import { createRedactor, type Redactor, toJson } from '../values/index.ts';
import { ActiveExecution } from './active-execution.ts';
import { systemClock } from './clock.ts';
import { consoleLogger } from './console-logger.ts';
import type { Journal } from './journal.ts';
import type { ExecutionObserver } from './observer.ts';
import { defaultGracePeriod, defaultMaxPayload, type EngineOptions, type ExecuteOptions } from './options.ts';
import type { BoundParameters } from './parameters.ts';
import { PayloadGuard } from './payload.ts';
import type { Relatives } from './relatives.ts';
import type { ExecutionIdentity } from './result.ts';
import type { ExecutionScope } from './scope.ts';
import { createSecrets, presentSecrets } from './secrets.ts';
import type { Elsewhere, Ending, ExecutionServices } from './services.ts';
import type { Workflow } from './workflow.ts';

/** An execution that has not ended, with what belongs to it. */
export interface Active {
  readonly execution: ActiveExecution;
  readonly payload: PayloadGuard;
}

/** What all executions of one process get. */
export interface LaunchHost {
  readonly options: Omit<EngineOptions, 'executions' | 'workflows' | 'plugins' | 'ids' | 'workspace'>;
  readonly workspace: Workspace;
  readonly observers: Iterable<ExecutionObserver>;
}

export interface LaunchOptions extends Omit<ExecuteOptions, 'id'> {
  id: string;
  /** Of the family: what is secret to an execution is so to those that it starts. */
  redactor?: Redactor;
  /** What was recorded of it before. */
  history?: readonly StoredEvent[];
  journal?: Journal;
  elsewhere?: Elsewhere;
  relatives: Relatives;
  ended(how: Ending, error?: unknown): void;
}

/** Puts an execution together; it has yet to begin. */
export function launch(
  host: LaunchHost,
  workflow: Workflow,
  parameters: BoundParameters,
  given: LaunchOptions,
): Active {
  const assembly = assemble(host, workflow, parameters, given);
  const { signal, relatives } = given;
  const abort = (): void => execution.requestCancel('Its signal was aborted.');
  const services: ExecutionServices = {
    ...assembly.services,
    executions: (starter) => relatives.executions(starter),
    awaitChild: (ref, childId) => relatives.await(ref, childId),
    cancelChild: (childId) => relatives.cancel(childId),
    ended: (how, error) => {
      signal?.removeEventListener('abort', abort);
      given.ended(how, error);
      if (how === 'completed') relatives.ended();
    },
  };
  const execution = new ActiveExecution(assembly.identity, workflow, assembly.scope, services, given.history);
  signal?.addEventListener('abort', abort, { once: true });
  return { execution, payload: services.payload };
}

/** Everything that working on an execution takes, but for its relatives and whoever wants to know when it ends. */
export interface Assembly {
  identity: ExecutionIdentity;
  scope: ExecutionScope;
  services: Omit<ExecutionServices, 'executions' | 'awaitChild' | 'cancelChild' | 'ended'>;
}

/** Gathers what an execution, or attempts of it, need. */
export function assemble(
  host: LaunchHost,
  workflow: Workflow,
  parameters: BoundParameters,
  given: Omit<LaunchOptions, 'signal' | 'relatives' | 'ended'>,
): Assembly {
  const { options, workspace } = host;
  const { id, redactor = createRedactor(), history, observers, trigger } = given;
  const { clock = systemClock } = options;
  for (const secret of parameters.secrets) redactor.add(secret);
  const maxBytes = options.maxPayload ?? defaultMaxPayload;
  if (!history) toJson(parameters.values, { maxBytes });
  const payload = new PayloadGuard(redactor, maxBytes);
  const secrets = createSecrets(options.secrets, redactor);
  const from = trigger === undefined ? undefined : toJson(trigger, { maxBytes });
  return {
    identity: {
      id,
      workflow_id: workflow.id,
      workflow_version: workflow.version,
      // One that is no secret may have one in it, as a url does.
      parameters: redactor.redactData(parameters.shown),
      ...(from === undefined ? {} : { trigger: redactor.redactData(from) }),
    },
    scope: {
      config: workflow.document.config ?? {},
      parameters: parameters.values,
      execution: {
        id,
        workflow_id: workflow.id,
        started_at: history?.[0]?.timestamp ?? isoTime(clock.now()),
      },
      trigger: from ?? null,
      secrets: presentSecrets(workflow.secretNames, secrets),
      env: options.env ?? {},
    },
    services: {
      clock,
      payload,
      secrets,
      workspace,
      random: options.random ?? Math.random,
      journal: given.journal,
      gracePeriod: options.gracePeriod ?? defaultGracePeriod,
      concurrency: options.concurrency ?? 256,
      observers: observers ? [host.observers, observers] : [host.observers],
      warn: createWarn(options, id, payload),
      elsewhere: given.elsewhere,
    },
  };
}

function createWarn(
  { logger = consoleLogger }: LaunchHost['options'],
  id: string,
  payload: PayloadGuard,
): ExecutionServices['warn'] {
  return (message, error) => {
    try {
      logger.log('warn', message, { execution_id: id, error: payload.text(textOf(error)) });
    } catch {
      // A logger that throws must not end an execution.
    }
  };
}

function textOf(error: unknown): string {
  return error instanceof Error ? String(error) : toErrorInfo(error).message;
}
