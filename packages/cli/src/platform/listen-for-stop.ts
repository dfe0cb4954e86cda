import type { Logger } from '@vwmp/core';
import { exitCodes } from '../cli/command.ts';

/** What a process that goes on until it is told to stop is told. */
export interface Stop {
  /** Resolves when it is told to stop. */
  stopped: Promise<void>;
  reason(): string;
}

/**
 * The first signal lets a process stop in good order, the second ends it: what it had is taken over by others.
 *
 * @param what - the process, for the log
 */
export function listenForStop(logger: Logger, what: string): Stop {
  const { promise, resolve } = Promise.withResolvers<void>();
  let first: NodeJS.Signals | undefined;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (first === undefined) {
      first = signal;
      return resolve();
    }
    logger.log('warn', 'Stopped at once; what runs is taken over by other workers.', { reason: signal });
    process.exit(signal === 'SIGTERM' ? exitCodes.terminated : exitCodes.interrupted);
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  // A mistake in a handler's callbacks, say. Going on could mean going on with half a state.
  process.on('uncaughtException', (error) => {
    logger.log('error', `The ${what} crashed; what it had is taken over by others.`, {
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
    process.exit(exitCodes.failed);
  });
  return { stopped: promise, reason: () => first ?? '' };
}
