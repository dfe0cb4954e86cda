import { expect, test } from 'vitest';
import { Example } from './testing/example.ts';

function foreach(total: number, concurrency?: number, more: object = {}): Example {
  const run = new Example([{ id: 'a', foreach: [], concurrency, ...more }]);
  run.send({ type: 'evaluated', step_id: 'a', holds: true, total });
  return run;
}

const item = (index: number, attempt = 1) => ({ type: 'run', step_id: 'a', index, attempt, iteration: 0 });

test('items run one at a time by default, and outputs keep their order', () => {
  const run = new Example([{ id: 'a', foreach: [] }]);
  expect(run.send({ type: 'evaluated', step_id: 'a', holds: true, total: 2 })).toEqual([item(0)]);
  expect(run.succeed('a', { index: 0 })).toEqual([item(1)]);
  run.succeed('a', { index: 1 });
  expect(run.step('a')).toMatchObject({ status: 'success', output: ['a0 done', 'a1 done'] });

  const both = foreach(2, 2);
  both.succeed('a', { index: 1 });
  both.succeed('a', { index: 0 });
  expect(both.step('a').output).toEqual(['a0 done', 'a1 done']);
});

test('over nothing a foreach succeeds with an empty list', () => {
  expect(foreach(0).step('a')).toMatchObject({ status: 'success', output: [] });
});

test('after a failure no item starts, those that run may end, and the step fails with the first error', () => {
  const run = foreach(9, 3, { retry: { attempts: 5 } });
  expect(run.fail('a', { index: 1, code: 'FIRST', retryable: false })).toEqual([]);
  expect(run.succeed('a', { index: 0 })).toEqual([]);
  expect(run.steps.a).toBe('running');
  run.fail('a', { index: 2, code: 'SECOND' });
  expect(run.step('a')).toMatchObject({ status: 'failed', error: { code: 'FIRST' }, attempts: 1 });
});

test('a parked item does not hold up the failure, whether it parked before or after', () => {
  const wait = {
    kind: 'approval' as const,
    prompt: 'Go on?',
    deadline: { at: '2000-01-01T00:00:00.000Z', code: 'WAIT_TIMEOUT' as const },
  };
  const run = foreach(9, 3);
  run.send({ type: 'suspended', step_id: 'a', index: 0, wait });
  expect(run.fail('a', { index: 1 })).toEqual([{ type: 'clear_timer', key: 'a:0' }]);
  expect(run.send({ type: 'suspended', step_id: 'a', index: 2, wait })).toEqual([{ type: 'finish' }]);
  expect(run.steps.a).toBe('failed');
});

test('a repeat runs again after its delay until its condition holds', () => {
  const run = new Example([{ id: 'a', repeat: { until: 'output', delay: '1s' } }]);
  expect(run.succeed('a', { again: true })).toEqual([
    { type: 'set_timer', key: 'a', at: '1970-01-01T00:00:01.000Z' },
  ]);
  run.at = 1000;
  expect(run.send({ type: 'timer', key: 'a', random: 0 })).toEqual([
    { type: 'run', step_id: 'a', attempt: 1, iteration: 1 },
  ]);
  run.succeed('a');
  expect(run.steps.a).toBe('success');
});

test('a repeat fails at its maximum', () => {
  const run = new Example([{ id: 'a', repeat: { until: 'output', max: 2 } }]);
  run.succeed('a', { again: true });
  run.send({ type: 'timer', key: 'a', random: 0 });
  run.succeed('a', { again: true });
  expect(run.step('a')).toMatchObject({ status: 'failed', error: { code: 'REPEAT_LIMIT' } });
});
