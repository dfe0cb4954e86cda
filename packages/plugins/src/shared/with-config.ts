import type { HandlerContext } from '@vwmp/core';

/** What the code of a handler needs to be called by another one. */
export type Callable<Config> = Pick<HandlerContext<Config>, 'config' | 'signal' | 'workspace' | 'logger'>;

/** The context of a handler for the code of another one. Not by spreading: what a context has are getters, which that leaves behind. */
export function withConfig<Config>(
  { signal, workspace, logger }: Callable<unknown>,
  config: Config,
): Callable<Config> {
  return { config, signal, workspace, logger };
}
