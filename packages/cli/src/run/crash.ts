import { exitCodes } from '../cli/command.ts';

/**
 * Ends the process with an error that nothing caught, as of a timer or a promise of a handler. Going on could mean going on with
 * half a state.
 *
 * @param beforeExit - says how things stand
 */
export function listenForCrash(beforeExit: (error: unknown) => void): { stop(): void } {
  const onError = (error: unknown): void => {
    beforeExit(error);
    process.exit(exitCodes.failed);
  };
  process.on('uncaughtException', onError);
  return { stop: () => void process.off('uncaughtException', onError) };
}
