import { exitCodes } from '../cli/command.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** Whether a person or the system wants the execution to end. */
export interface Interrupts {
  readonly interrupted: boolean;
  stop(): void;
}

/** What `vwmp run --watch` sends to the process of a run that has become old. */
export const endMessage = 'vwmp:end';

/** What an interrupt does. */
export interface InterruptActions {
  /** Called once, with the reason. Not while it ends already: a second cancel gives up what is being undone. */
  cancel(reason: string): void;
  /** Whether it is being cancelled or undone. */
  ends(): boolean;
  say(text: string): void;
  /** Says how things stand. */
  beforeExit(): void;
}

/** The first SIGINT or SIGTERM cancels and compensates, the second ends the process. */
export function listenForInterrupts(
  { cancel, ends, say, beforeExit }: InterruptActions,
  { err, symbols }: Terminal,
): Interrupts {
  let interrupted = false;
  const end = (reason: string): void => {
    if (interrupted) {
      beforeExit();
      process.exit(exitCodes.interrupted);
    }
    interrupted = true;
    const already = ends();
    const text = already
      ? 'what succeeded is being undone already'
      : 'cancelling, and undoing what succeeded';
    say(err.style.yellow(`${symbols.warning} ${reason}: ${text}. Ctrl-C again stops at once.`));
    if (!already) cancel(`${reason}.`);
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
