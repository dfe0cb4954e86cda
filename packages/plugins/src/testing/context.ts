import { createWorkspace, type HandlerContext } from '@vwmp/core';

/** What a test wants of a context besides its config. */
export interface TestContextOptions {
  readonly root?: string;
  readonly signal?: AbortSignal;
}

/** A line that a handler logged. */
export interface LoggedLine {
  readonly level: string;
  readonly message: string;
  readonly data?: unknown;
}

/**
 * A context as the engine would make it, with what was logged in `lines`. As there, what it has beside the config is inherited, so that code
 * which copies a context is found out.
 */
export function createContext<Config>(
  config: Config,
  options: TestContextOptions = {},
): HandlerContext<Config> & { readonly lines: LoggedLine[] } {
  const lines: LoggedLine[] = [];
  const at =
    (level: string) =>
    (message: string, data?: unknown): void => {
      lines.push({ level, message, data });
    };
  const inherited: Omit<HandlerContext<Config>, 'config'> = {
    parameters: {},
    execution: { id: 'exec-1', workflow_id: 'test', started_at: '2026-01-01T00:00:00.000Z' },
    step: { id: 'step' },
    attempt: 1,
    idempotencyKey: 'exec-1:step',
    signal: options.signal ?? new AbortController().signal,
    logger: {
      debug: at('debug'),
      info: at('info'),
      warn: at('warn'),
      error: at('error'),
      log: (level, message, data) => at(level)(message, data),
    },
    workspace: createWorkspace(options.root ?? process.cwd()),
    secrets: { get: (name) => name },
    executions: {
      start: () => Promise.reject(new Error('not here')),
      signal: () => Promise.reject(new Error('not here')),
    },
    progress: () => {},
  };
  return Object.assign(Object.create(inherited) as typeof inherited, { config, lines });
}
