import { type ExecutionHandle, WorkflowEngine } from '../engine/engine.ts';
import type { EngineOptions, ExecuteOptions } from '../engine/options.ts';
import type { Workflow } from '../engine/workflow.ts';
import type { Wait } from '../model/event.ts';
import type { Execution } from '../model/execution.ts';
import type { JsonObject } from '../model/json.ts';
import type { WorkflowDocument } from '../model/workflow.ts';
import type { Handler, HandlerContext } from '../plugin/handler.ts';
import type { RegisteredHandler } from '../plugin/registry.ts';
import type { IdSource } from '../ports/id-source.ts';
import { FakeClock } from './fake-clock.ts';
import { answer, type HandlerCall, type Mock, toCall } from './mock.ts';

/** Without stores: time would be skipped while they write. */
export interface TestEngineOptions extends Omit<EngineOptions, 'clock' | 'executions' | 'workflows'> {
  /** @defaultValue a new one */
  clock?: FakeClock;
}

interface Mocked {
  readonly mock: Mock;
  readonly calls: HandlerCall[];
}

/**
 * An engine for tests: everything is as it is in production, but time, which jumps to the next timer when nothing else is
 * left to do, and what was mocked. The jitter of retries is always in its middle, and executions are called `test-1`, `test-2`, ….
 */
export class TestEngine extends WorkflowEngine {
  readonly clock: FakeClock;
  /** All calls of handlers, oldest first. */
  readonly calls: HandlerCall[] = [];
  readonly #handlers = new Map<string, Mocked>();
  readonly #steps = new Map<string, Mocked>();
  /** What a run of a step waited for last. */
  readonly #waits = new Map<string, Wait>();

  /** @throws PLUGIN_INVALID, PLUGIN_CONFLICT */
  constructor({ clock = new FakeClock(), ...options }: TestEngineOptions = {}) {
    super({ random: () => 0.5, ids: numbers(), ...options, clock });
    this.clock = clock;
    const { plugins } = this;
    const find = plugins.handler.bind(plugins);
    plugins.handler = (path) => {
      const real = find(path) ?? (this.#handlers.has(path) ? unknownHandler(path) : undefined);
      return real && this.#watched(real);
    };
    this.attach({
      onStepWaiting: ({ execution_id, step_id, index, wait }) =>
        void this.#waits.set(`${execution_id}:${step_id}${index === undefined ? '' : `:${index}`}`, wait),
    });
  }

  /**
   * Lets something stand for a handler, wherever it is called. A handler that no plugin brings takes any config and may
   * emit any port. Mock it before a workflow that uses it is loaded.
   *
   * @param path - such as `http.request`
   * @returns its calls from now on; grows
   */
  mockHandler(path: string, mock: Mock): HandlerCall[] {
    return put(this.#handlers, path, mock);
  }

  /**
   * Lets something stand for the handler of one step, in every workflow that has a step of this id. What undoes the step is
   * called as ever.
   *
   * @returns its calls from now on; grows
   */
  mockStep(id: string, mock: Mock): HandlerCall[] {
    return put(this.#steps, id, mock);
  }

  /** As in {@link WorkflowEngine.executeWorkflow}, and time is skipped. */
  override async executeWorkflow(
    workflow: string | WorkflowDocument | Workflow,
    parameters: JsonObject = {},
    options: ExecuteOptions = {},
  ): Promise<Execution> {
    return this.finish(await this.startWorkflow(workflow, parameters, options));
  }

  /**
   * Skips time until an execution has ended. Between `startWorkflow` and this, time stands still: signals can be sent and approvals
   * decided, after {@link FakeClock.idle} or {@link FakeClock.advance}.
   *
   * @throws AssertionError when it waits for something that no timer will bring
   */
  finish(handle: ExecutionHandle): Promise<Execution> {
    return this.clock.skipUntil(handle.result, () => this.#describeWaits(handle.id));
  }

  override close(): Promise<void> {
    return this.clock.skipUntil(super.close());
  }

  #watched(real: RegisteredHandler): RegisteredHandler {
    const { path } = real;
    const execute = (context: HandlerContext): unknown => {
      const call = toCall(path, context);
      this.calls.push(call);
      const mocked = this.#mockOf(call);
      mocked?.calls.push(call);
      if (mocked) return answer(mocked.mock, context, this.clock);
      return this.#real(real, context, ({ execute: run }) => run(context as never));
    };
    const resume = (context: HandlerContext, payload: Parameters<Resume>[1]): unknown => {
      if (this.#mockOf(toCall(path, context))) return payload;
      return this.#real(real, context, (module) =>
        module.resume ? module.resume(context as never, payload) : payload,
      );
    };
    return { ...real, load: () => ({ execute, resume }) };
  }

  #mockOf({ handler, step, compensation }: HandlerCall): Mocked | undefined {
    return (compensation ? undefined : this.#steps.get(step.id)) ?? this.#handlers.get(handler);
  }

  /** Time stands still while a real handler is loaded and works, unless it is deaf to the signal that it is to end. */
  #real(handler: RegisteredHandler, { signal }: HandlerContext, call: (module: Module) => unknown): unknown {
    let result: unknown;
    this.clock.hold(() => {
      const module = handler.load();
      result = module instanceof Promise ? module.then(call) : call(module);
      return result instanceof Promise ? untilDeaf(result, signal) : result;
    });
    return result;
  }

  #describeWaits(executionId: string): string {
    const waits = this.active().flatMap(({ id, snapshot }) =>
      Object.entries(snapshot().steps)
        .filter(([, { status }]) => status === 'waiting' || status === 'running')
        .map(([step]) => {
          const runs = [...this.#waits].filter(([key]) => `${key}:`.startsWith(`${id}:${step}:`));
          return `\n  step "${step}" of "${id}" ${describeWait(runs.at(-1)?.[1])}`;
        }),
    );
    return `The execution "${executionId}" would wait for ever:${waits.join('')}`;
  }
}

type Module = Exclude<ReturnType<RegisteredHandler['load']>, Promise<unknown>>;
type Resume = NonNullable<Module['resume']>;

function numbers(): IdSource {
  let last = 0;
  return { next: () => `test-${++last}` };
}

function put(mocks: Map<string, Mocked>, key: string, mock: Mock): HandlerCall[] {
  const calls: HandlerCall[] = [];
  mocks.set(key, { mock, calls });
  return calls;
}

function unknownHandler(path: string): RegisteredHandler {
  const config = { type: 'object' } as unknown as Handler['config'];
  const handler = { description: 'Mocked.', config, ports: () => undefined };
  return { path, plugin: path.replace(/\..*/, ''), handler, config, ports: handler.ports, load: missing };
}

function missing(): never {
  throw new TypeError('A handler that is only mocked has no code.');
}

function describeWait(wait: Wait | undefined): string {
  if (wait?.kind === 'signal')
    return `waits for the signal "${wait.signal}". Send it with engine.signal() before, or mock the step.`;
  if (wait?.kind === 'approval')
    return 'waits for an approval. Decide it with engine.decideApproval() before, or mock the step.';
  if (wait?.kind === 'child') return `waits for the execution "${wait.execution_id}".`;
  return 'does not answer, and has no timeout.';
}

/** So long a handler may tidy up once it is to end, in real milliseconds: shorter than the patience of tests. */
const deafAfter = 1000;

/** Settles with the work, or when it has gone on for too long after it was to end. */
async function untilDeaf(work: Promise<unknown>, signal: AbortSignal): Promise<void> {
  const deaf = Promise.withResolvers<void>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const count = (): void => {
    timer = setTimeout(deaf.resolve, deafAfter);
  };
  if (signal.aborted) count();
  else signal.addEventListener('abort', count, { once: true });
  try {
    await Promise.race([work, deaf.promise]);
  } finally {
    signal.removeEventListener('abort', count);
    clearTimeout(timer);
  }
}
