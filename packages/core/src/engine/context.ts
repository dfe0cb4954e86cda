import type { LogLevel } from '../model/event.ts';
import type { JsonObject } from '../model/json.ts';
import type {
  Executions,
  HandlerContext,
  Progress,
  Secrets,
  StepLogger,
  Workspace,
} from '../plugin/handler.ts';

/** What all contexts of an execution have of it. */
export interface ContextSource {
  readonly parameters: JsonObject;
  readonly execution: { readonly id: string; readonly workflow_id: string; readonly started_at: string };
  readonly secrets: Secrets;
  readonly workspace: Workspace;
}

/** What a context needs of the attempt that it belongs to. */
export interface ContextHost {
  readonly signal: AbortSignal;
  readonly executions: Executions;
  log(level: LogLevel, message: string, data: unknown): void;
  progress(progress: Progress): void;
}

/** What handlers see. Everything that costs something is made when it is first read. */
export class StepContext implements HandlerContext {
  readonly config: JsonObject;
  readonly step: { readonly id: string; readonly index?: number };
  readonly attempt: number;
  readonly #host: ContextHost;
  readonly #source: ContextSource;
  readonly #suffix: string;
  #logger: StepLogger | undefined;

  /** @param suffix - of the idempotency key, for what runs once more besides the step itself */
  constructor(
    host: ContextHost,
    source: ContextSource,
    config: JsonObject,
    step: { readonly id: string; readonly index?: number },
    attempt: number,
    suffix: string,
  ) {
    this.#host = host;
    this.#source = source;
    this.config = config;
    this.step = step;
    this.attempt = attempt;
    this.#suffix = suffix;
  }

  get parameters(): JsonObject {
    return this.#source.parameters;
  }

  get execution(): ContextSource['execution'] {
    return this.#source.execution;
  }

  get idempotencyKey(): string {
    const index = this.step.index === undefined ? '' : `:${this.step.index}`;
    return `${this.#source.execution.id}:${this.step.id}${index}${this.#suffix}`;
  }

  get signal(): AbortSignal {
    return this.#host.signal;
  }

  get logger(): StepLogger {
    this.#logger ??= createStepLogger(this.#host);
    return this.#logger;
  }

  get workspace(): Workspace {
    return this.#source.workspace;
  }

  get secrets(): Secrets {
    return this.#source.secrets;
  }

  get executions(): Executions {
    return this.#host.executions;
  }

  /** Bound, as handlers take the context apart in their parameter list. */
  get progress(): (progress: Progress) => void {
    return (progress) => this.#host.progress(progress);
  }
}

const levels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

/** A level that is none becomes `info`: whoever reads the log relies on there being four. */
function createStepLogger(host: ContextHost): StepLogger {
  const logger = {
    log: (level, message, data) => host.log(levels.includes(level) ? level : 'info', message, data),
  } as StepLogger;
  for (const level of levels) logger[level] = (message, data) => host.log(level, message, data);
  return logger;
}
