import { type Command, timerKey } from '../machine/index.ts';
import { pickRef } from '../machine/schedule.ts';
import type { RunRef } from '../model/event.ts';
import type { Workflow } from './workflow.ts';

/** Commands that begin something new. Whoever goes on after this process finds them anew in what is recorded. */
export const starting: ReadonlySet<Command['type']> = new Set([
  'run',
  'resume',
  'evaluate',
  'compensate',
  'set_timer',
]);

/** After these alone nothing is in progress here. */
const quiet: ReadonlySet<Command['type']> = new Set(['set_timer', 'clear_timer', 'cancel_child']);

/** True when one of them is more than a timer or the end of a child: so it is after most steps. */
export function isBeginning(commands: readonly Command[]): boolean {
  return commands.some(({ type }) => !quiet.has(type));
}

/**
 * Takes out what only computes. Nobody can see whether that happened before or after the facts that it follows from were
 * recorded, and what comes of it is recorded together with them: one write less.
 */
export function takeComputing(commands: Command[], workflow: Workflow): Command[] {
  const computing = commands.filter((command) => isComputing(command, workflow));
  if (computing.length > 0) {
    const taken = new Set(computing);
    const rest = commands.filter((command) => !taken.has(command));
    commands.length = 0;
    for (const command of rest) commands.push(command);
  }
  return computing;
}

function isComputing(command: Command, { definition, steps }: Workflow): boolean {
  if (command.type !== 'run') return command.type === 'evaluate' || command.type === 'evaluate_output';
  const { step, handler } = steps[definition.positions.get(command.step_id)!]!;
  return handler.handler.pure === true && step.queue === undefined;
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
    dropped.push(pickRef(each));
    return false;
  });
  return { rest, dropped };
}
