import { ongoing } from '../terminal/elapsed.ts';
import { safe } from '../terminal/safe.ts';
import { pad, truncate, width } from '../terminal/width.ts';
import type { Board, BoardStep } from './board.ts';
import { describeStep } from './describe-step.ts';
import type { FrameOptions } from './frame.ts';

const widestName = 32;

/** All steps when they fit, else those that are active or failed, and how many there are besides. */
export function renderBoard(board: Board, options: FrameOptions): string[] {
  const { output, now } = options;
  const steps = [...board.steps.values()];
  const room = Math.max(3, output.rows - 4);
  const shown = steps.length <= room ? steps : mostTelling(steps, room);
  const nameWidth = Math.min(widestName, Math.max(4, ...shown.map((step) => width(safe(step.name)))));
  const handlerWidth =
    output.columns < 60 ? 0 : Math.min(24, Math.max(...shown.map(({ handler }) => handler.length)));
  const lines = shown.map((step) => stepLine(step, nameWidth, handlerWidth, options));
  if (shown.length < steps.length) lines.push(restLine(steps, shown, options));
  if (board.phase !== 'ended') lines.push(phaseLine(board, now, options));
  return lines;
}

function stepLine(step: BoardStep, nameWidth: number, handlerWidth: number, options: FrameOptions): string {
  const { style } = options.output;
  const { symbol, colour, text } = describeStep(step, options);
  const name = pad(truncate(safe(step.name), nameWidth), nameWidth);
  const handler =
    handlerWidth === 0 ? '' : `  ${style.dim(pad(truncate(step.handler, handlerWidth), handlerWidth))}`;
  const quiet = step.status === 'pending' || step.status === 'skipped';
  return `${style[colour](symbol)} ${quiet ? style.dim(name) : name}${handler}  ${text}`.trimEnd();
}

/** In the order of the document: what runs or waits, then what failed, then what has just ended. */
function mostTelling(steps: readonly BoardStep[], room: number): BoardStep[] {
  const rank = ({ status }: BoardStep): number =>
    status === 'running'
      ? 0
      : status === 'waiting'
        ? 1
        : status === 'failed'
          ? 2
          : status === 'cancelled'
            ? 3
            : 4;
  const telling = steps.filter((step) => rank(step) < 4).sort((a, b) => rank(a) - rank(b));
  return steps.filter((step) => telling.slice(0, room - 1).includes(step));
}

function restLine(
  steps: readonly BoardStep[],
  shown: readonly BoardStep[],
  { output: { style }, symbols }: FrameOptions,
): string {
  const counts = new Map<string, number>();
  for (const { status } of steps.filter((step) => !shown.includes(step))) {
    counts.set(status, (counts.get(status) ?? 0) + 1);
  }
  const parts = [...counts].map(([status, count]) => `${count} ${status}`);
  return style.dim(
    `${symbols.dot} ${shown.length > 0 ? 'and ' : ''}${parts.join(', ')} of ${steps.length} steps`,
  );
}

function phaseLine(board: Board, now: number, { output: { style } }: FrameOptions): string {
  const time = ongoing(now - board.startedAt);
  const phases = {
    running: 'running',
    cancelling: 'cancelling',
    compensating: 'undoing what succeeded',
    ended: '',
  };
  const text = `${safe(board.workflow.name)} ${phases[board.phase]} ${time}`;
  return board.phase === 'running' ? style.dim(text) : style.yellow(text);
}
