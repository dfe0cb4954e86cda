import type { ExecutionEvent, Workflow } from '@vwmp/core';
import { expect, test } from 'vitest';
import { createPalette } from '../terminal/palette.ts';
import { asciiSymbols } from '../terminal/symbols.ts';
import { width } from '../terminal/width.ts';
import { type Board, createBoard, update } from './board.ts';
import { renderBoard } from './render-board.ts';

const t0 = Date.parse('2030-01-01T00:00:00Z');

function board(ids: readonly string[]): Board {
  const steps = ids.map((id) => ({ id, handler: 'core.set' }));
  const made = createBoard({ name: 'W', document: { name: 'W', steps } } as unknown as Workflow);
  tell(made, { event: 'workflow_started' });
  return made;
}

function tell(to: Board, event: object, at = 0): void {
  update(to, { ...event, timestamp: new Date(t0 + at).toISOString() } as ExecutionEvent);
}

function render(of: Board, now = 0, rows = 24, columns = 80): string[] {
  const output = { style: createPalette(false), columns, rows };
  return renderBoard(of, { output, symbols: asciiSymbols, spinner: '*', now: t0 + now });
}

test('a retry tells why and when, and the last attempt how many there were', () => {
  const one = board(['a']);
  tell(one, { event: 'step_started', step_id: 'a', attempt: 1 });
  expect(render(one, 50)[0]).toBe('* a     core.set  0.1s');
  tell(one, {
    event: 'step_retrying',
    step_id: 'a',
    attempt: 1,
    error: { code: 'BUSY', message: '' },
    retry_at: new Date(t0 + 2000).toISOString(),
  });
  expect(render(one, 500)[0]).toBe('~ a     core.set  0.5s  retry after BUSY in 1.5s');
  tell(one, { event: 'step_started', step_id: 'a', attempt: 2 });
  expect(render(one, 2000)[0]).toBe('* a     core.set  2.0s  attempt 2');
  tell(
    one,
    {
      event: 'step_completed',
      step_id: 'a',
      status: 'success',
      attempts: 2,
      duration_ms: 2100,
      output: null,
    },
    2100,
  );
  expect(render(one, 9000)[0]).toBe('+ a     core.set  2.1s  2 attempts');
});

test('a foreach counts its items, and progress draws a bar', () => {
  const one = board(['a', 'b']);
  tell(one, { event: 'foreach_started', step_id: 'a', total: 4 });
  for (const index of [0, 1, 2]) tell(one, { event: 'step_started', step_id: 'a', index, attempt: 1 });
  tell(one, { event: 'item_completed', step_id: 'a', index: 0 });
  tell(one, { event: 'item_failed', step_id: 'a', index: 1 });
  tell(one, { event: 'step_started', step_id: 'b', attempt: 1 });
  tell(one, { event: 'progress', step_id: 'b', percentage: 75, message: 'half' });
  expect(render(one).slice(0, 2)).toEqual([
    '* a     core.set  0.0s  ########-------- 2/4 1 failed',
    '* b     core.set  0.0s  ############---- 75% half',
  ]);
});

test('no more lines than rows, whatever there is, and wide names stay in their column', () => {
  const many = board([...Array(500).keys()].map((at) => `s${at}`));
  for (let at = 0; at < 500; at++) tell(many, { event: 'step_started', step_id: `s${at}`, attempt: 1 });
  expect(render(many, 0, 12).length).toBeLessThanOrEqual(11);
  expect(render(many, 0, 3).length).toBeLessThanOrEqual(5);
  const wide = createBoard({
    name: 'W',
    document: { name: 'W', steps: [{ id: 'a', name: '日本語の名前', handler: 'x.y' }] },
  } as unknown as Workflow);
  expect(width(render(wide)[0] ?? '')).toBe(2 + 12 + 2 + 3);
});
