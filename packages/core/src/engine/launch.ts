import { toErrorInfo } from '../errors.ts';
import { isoTime } from '../machine/index.ts';
import type { StoredEvent } from '../model/event.ts';
import type { Workspace } from '../plugin/handler.ts';
import { createRedactor, toJson } from '../values/index.ts';
import { ActiveExecution } from './active-execution.ts';
import { type ChildHost, Children, type Lineage } from './children.ts';
import { systemClock } from './clock.ts';
import { consoleLogger } from './console-logger.ts';
import type { ExecutionObserver } from './observer.ts';
import type { EngineOptions, ExecuteOptions } from './options.ts';
import type { BoundParameters } from './parameters.ts';
import { PayloadGuard } from './payload.ts';
import { createSecrets, presentSecrets } from './secrets.ts';
import type { Workflow } from './workflow.ts';

/** An execution that has not ended, with what belongs to it. */
export interface Active {
  readonly execution: ActiveExecution;
  readonly children: Children;
  readonly payload: PayloadGuard;
}

/** What an engine gives to its executions. */
export interface LaunchHost {
  readonly options: EngineOptions;
  readonly workspace: Workspace;
  readonly observers: Iterable<ExecutionObserver>;
  readonly children: Omit<ChildHost, 'resume'>;
  ended(id: string): void;
}

export interface LaunchOptions extends ExecuteOptions {
  id: string;
  /** From the execution that starts this one. */
  lineage?: Lineage;
  /** What was recorded of it before. */
  history?: readonly StoredEvent[];
}

/** In milliseconds. */
export const defaultGracePeriod = 5000;

/** 16 MiB. */
const defaultMaxPayload = 16 * 1024 * 1024;

function firstOfItsFamily(): Lineage {
  return { depth: 0, redactor: createRedactor(), family: { living: 0, started: 0 } };
}

/** Puts an execution together; it has yet to begin. */
export function launch(
  host: LaunchHost,
  workflow: Workflow,
  parameters: BoundParameters,
  { id, lineage = firstOfItsFamily(), history, observers, signal, trigger }: LaunchOptions,
): Active {
  const { options, workspace } = host;
  const { redactor } = lineage;
  const { clock = systemClock, logger = consoleLogger } = options;
  for (const secret of parameters.secrets) redactor.add(secret);
  const maxBytes = options.maxPayload ?? defaultMaxPayload;
  if (!history) toJson(parameters.values, { maxBytes });
  const payload = new PayloadGuard(redactor, maxBytes);
  const secrets = createSecrets(options.secrets, redactor);
  const children = new Children(
    {
      ...host.children,
      resume: (ref, result) =>
        execution.dispatch({ type: 'resume', at: execution.now(), ...ref, payload: result }),
    },
    lineage,
  );
  const from = trigger === undefined ? undefined : toJson(trigger, { maxBytes });
  const execution = new ActiveExecution(
    {
      id,
      workflow_id: workflow.id,
      workflow_version: workflow.version,
      // One that is no secret may have one in it, as a url does.
      parameters: redactor.redact(parameters.shown),
      ...(from === undefined ? {} : { trigger: from }),
    },
    workflow,
    {
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
    {
      clock,
      payload,
      secrets,
      workspace,
      random: options.random ?? Math.random,
      store: options.executions,
      gracePeriod: options.gracePeriod ?? defaultGracePeriod,
      concurrency: options.concurrency ?? 256,
      observers: observers ? [host.observers, observers] : [host.observers],
      warn: (message, error) => {
        try {
          logger.log('warn', message, { execution_id: id, error: payload.text(textOf(error)) });
        } catch {
          // A logger that throws must not end an execution.
        }
      },
      executions: children.executions,
      awaitChild: (ref, childId) => children.await(ref, childId),
      ended: (abandoned) => {
        signal?.removeEventListener('abort', abort);
        host.ended(id);
        if (!abandoned) children.cancelAll();
      },
    },
    history,
  );
  const abort = (): void => execution.requestCancel('Its signal was aborted.');
  signal?.addEventListener('abort', abort, { once: true });
  return { execution, children, payload };
}

function textOf(error: unknown): string {
  return error instanceof Error ? String(error) : toErrorInfo(error).message;
}
