import type { ExecutionEvent, Workflow } from '@vwmp/core';
import { createRepaint } from '../terminal/repaint.ts';
import { safe } from '../terminal/safe.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { createBoard, update } from './board.ts';
import { renderBoard } from './render-board.ts';
import type { View } from './view.ts';

/** Ten frames a second look alive and cost under 1 % of a core. */
const frameTime = 100;

/** A view that paints itself over: every step with its state, and log lines above. */
export function createLiveView(workflow: Workflow, output: Terminal['out'], { symbols }: Terminal): View {
  const board = createBoard(workflow);
  const repaint = createRepaint(output);
  const { style } = output;
  let root: string | undefined;
  let frame = 0;
  let paused = false;

  const paint = (): void => {
    if (paused) return;
    const spinner = symbols.spinner[frame % symbols.spinner.length] ?? '';
    repaint.show(renderBoard(board, { output, symbols, spinner, now: Date.now() }));
  };
  const line = (text: string): void => {
    repaint.above(text);
    if (!paused) paint();
  };
  // The first frame waits for a moment: a short execution shows its end only, without a flicker.
  const timer = setInterval(() => {
    frame++;
    paint();
  }, frameTime);

  const logLine = (event: ExecutionEvent & { event: 'log' }): string => {
    const colour = ({ debug: 'dim', info: 'cyan', warn: 'yellow', error: 'red' } as const)[event.level];
    const index = event.index === undefined ? '' : `:${event.index}`;
    const data = event.data === undefined ? '' : style.dim(` ${safe(JSON.stringify(event.data))}`);
    const step = event.step_id === undefined ? '' : `${style.dim(`${event.step_id}${index}`)} `;
    return `${style[colour](event.level.padEnd(5))} ${step}${safe(event.message, true)}${data}`;
  };

  return {
    onEvent(event) {
      root ??= event.execution_id;
      if (event.event === 'log') repaint.above(logLine(event));
      if (event.execution_id === root) update(board, event);
      if (event.event === 'workflow_cancelling' || event.event === 'workflow_failing') paint();
    },
    line,
    pause() {
      paused = true;
      repaint.clear();
    },
    resume() {
      paused = false;
      paint();
    },
    close() {
      clearInterval(timer);
      paint();
      repaint.done();
    },
  };
}
