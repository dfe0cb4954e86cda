import { type Command, timerKey } from '../machine/index.ts';
import type { RunRef } from '../model/event.ts';

/** Commands that begin something new. Whoever goes on after this process finds them anew in what is recorded. */
export const starting: ReadonlySet<Command['type']> = new Set([
  'run',
  'resume',
  'evaluate',
  'compensate',
  'set_timer',
]);

/**
 * Takes out what only computes. Nobody can see whether that happened before or after the facts that it follows from were
 * recorded, and what comes of it is recorded together with them: one write less.
 */
export function takeComputing(commands: Command[]): Command[] {
  if (!commands.some(isComputing)) return [];
  const computing = commands.filter(isComputing);
  const rest = commands.filter((command) => !isComputing(command));
  commands.splice(0, commands.length, ...rest);
  return computing;
}

function isComputing({ type }: Command): boolean {
  return type === 'evaluate' || type === 'evaluate_output';
}

/**
 * Takes out what was to begin and was stopped by an input of the same moment: it does not begin at all.
 *
 * @returns the other commands, and the runs that count as cancelled
 */
export function withoutAborted(commands: readonly Command[]): {
  rest: readonly Command[];
  dropped: RunRef[];
} {
  const dropped: RunRef[] = [];
  if (!commands.some(({ type }) => type === 'abort')) return { rest: commands, dropped };
  const aborted = new Set(commands.flatMap((each) => (each.type === 'abort' ? [timerKey(each)] : [])));
  const rest = commands.filter((each) => {
    if ((each.type !== 'run' && each.type !== 'resume') || !aborted.has(timerKey(each))) return true;
    const { step_id, index } = each;
    dropped.push(index === undefined ? { step_id } : { step_id, index });
    return false;
  });
  return { rest, dropped };
}
