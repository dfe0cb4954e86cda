import { exitCodes } from '../cli/command.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** Whether a person or the system wants the execution to end. */
export interface Interrupts {
  readonly interrupted: boolean;
  stop(): void;
}

/** What `vwmp run --watch` sends to the process of a run that has become old. */
export const endMessage = 'vwmp:end';

/**
 * The first SIGINT or SIGTERM cancels and compensates, the second ends the process.
 *
 * @param cancel - called once, with the reason
 * @param beforeExit - says how things stand
 */
export function listenForInterrupts(
  cancel: (reason: string) => void,
  say: (text: string) => void,
  beforeExit: () => void,
  { err, symbols }: Terminal,
): Interrupts {
  let interrupted = false;
  const end = (reason: string): void => {
    if (interrupted) {
      beforeExit();
      process.exit(exitCodes.interrupted);
    }
    interrupted = true;
    const text = `${reason}: cancelling, and undoing what succeeded. Ctrl-C again stops at once.`;
    say(err.style.yellow(`${symbols.warning} ${text}`));
    cancel(`${reason}.`);
  };
  const onSignal = (): void => end('Interrupted');
  const onMessage = (message: unknown): void => {
    if (message === endMessage) end('The files have changed');
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  process.on('message', onMessage);
  // The channel to the watching process alone must not keep this one alive.
  process.channel?.unref();
  return {
    get interrupted() {
      return interrupted;
    },
    stop() {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
      process.off('message', onMessage);
    },
  };
}
