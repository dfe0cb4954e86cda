import { createWorkspace, type HandlerContext } from '@vwmp/core';

/** A line that a handler logged. */
export interface LoggedLine {
  readonly level: string;
  readonly message: string;
}

/**
 * A context as the engine would make it, with what was logged in `lines`. As there, what it has beside the config is inherited, so that code
 * which copies a context is found out.
 */
export function createContext<Config>(
  config: Config,
  root: string,
  options: { signal?: AbortSignal; secrets?: Readonly<Record<string, string>> } = {},
): HandlerContext<Config> & { readonly lines: LoggedLine[] } {
  const lines: LoggedLine[] = [];
  const at =
    (level: string) =>
    (message: string): void => {
      lines.push({ level, message });
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
      log: (level, message) => at(level)(message),
    },
    workspace: createWorkspace(root),
    secrets: { get: (name) => options.secrets?.[name] ?? name },
    executions: {
      start: () => Promise.reject(new Error('not here')),
      signal: () => Promise.reject(new Error('not here')),
    },
    progress: () => {},
  };
  return Object.assign(Object.create(inherited) as typeof inherited, { config, lines });
}
