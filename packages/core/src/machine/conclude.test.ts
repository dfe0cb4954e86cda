import { expect, test } from 'vitest';
import { Example } from './testing/example.ts';

test('an unhandled failure of a required step fails the execution; other branches go on', () => {
  const run = new Example([{ id: 'bad' }, { id: 'good' }]);
  run.fail('bad', { code: 'DOWN' });
  expect(run.steps).toEqual({ bad: 'failed', good: 'running' });
  run.succeed('good');
  expect(run.state).toMatchObject({
    status: 'failed',
    error: { code: 'STEP_FAILED', cause: { code: 'DOWN' } },
  });
});

test('a failure that an enabled step handles does not fail the execution', () => {
  const run = new Example([{ id: 'bad' }, { id: 'rescue', dependencies: ['bad:error'] }]);
  run.fail('bad');
  run.succeed('rescue');
  expect(run.state.status).toBe('success');
});

test('a disabled step handles nothing', () => {
  const run = new Example([{ id: 'bad' }, { id: 'rescue', dependencies: ['bad:error'], enabled: false }]);
  run.fail('bad');
  expect(run.state.status).toBe('failed');
});

test('when only optional steps failed, the execution is partial, and nothing is undone', () => {
  const run = new Example([
    { id: 'a', compensate: { handler: 'test.undo' } },
    { id: 'bad', required: false },
  ]);
  run.succeed('a');
  run.fail('bad');
  expect(run.state).toMatchObject({ status: 'partial', compensated: [] });
});

test('what succeeded is undone one by one, last first, when the execution fails', () => {
  const compensate = { handler: 'test.undo' };
  const run = new Example([
    { id: 'a', compensate },
    { id: 'b', compensate },
    { id: 'c', compensate },
    { id: 'd' },
  ]);
  run.succeed('b');
  run.succeed('c');
  run.succeed('a');
  expect(run.fail('d')).toEqual([{ type: 'compensate', step_id: 'a' }]);
  expect(run.send({ type: 'compensated', step_id: 'a' })).toEqual([{ type: 'compensate', step_id: 'c' }]);
  const error = { code: 'STUCK', message: 'No.' };
  expect(run.send({ type: 'compensated', step_id: 'c', error }), 'goes on after a failure').toEqual([
    { type: 'compensate', step_id: 'b' },
  ]);
  expect(run.send({ type: 'compensated', step_id: 'b' })).toEqual([{ type: 'finish' }]);
  expect(run.state).toMatchObject({
    status: 'failed',
    compensated: ['a', 'b'],
    error: { details: { step_id: 'd', compensation_errors: [{ step_id: 'c', code: 'STUCK' }] } },
  });
});

test('a cancelled execution skips what is pending, ends what is parked, waits for what runs, and is undone', () => {
  const run = new Example(
    [
      { id: 'a', compensate: { handler: 'test.undo' } },
      { id: 'parked' },
      { id: 'runs' },
      { id: 'next', dependencies: ['runs'], join: 'done' },
    ],
    { timeout: '1h' },
  );
  run.succeed('a');
  run.send({
    type: 'suspended',
    step_id: 'parked',
    wait: { kind: 'timer', until: '1970-01-02T00:00:00.000Z' },
  });
  const commands = run.send({ type: 'cancel', error: { code: 'EXECUTION_CANCELLED', message: 'Enough.' } });
  expect(commands).toEqual([
    { type: 'clear_timer', key: 'parked' },
    { type: 'abort', step_id: 'runs' },
  ]);
  expect(run.steps).toEqual({
    a: 'success',
    parked: 'cancelled',
    runs: 'running',
    next: 'skipped: cancelled',
  });
  expect(run.send({ type: 'cancelled', step_id: 'runs' })).toEqual([{ type: 'compensate', step_id: 'a' }]);
  run.send({ type: 'compensated', step_id: 'a' });
  expect(run.state).toMatchObject({
    status: 'cancelled',
    compensated: ['a'],
    error: { code: 'EXECUTION_CANCELLED' },
  });
});

test('a repeat that is stopped before its condition holds is cancelled', () => {
  const run = new Example([{ id: 'a', repeat: { until: 'output' } }]);
  run.send({ type: 'cancel', error: { code: 'EXECUTION_CANCELLED', message: 'Enough.' } });
  run.succeed('a', { again: true });
  expect(run.steps.a).toBe('cancelled');
});

test('the timeout of the execution fails it', () => {
  const run = new Example([{ id: 'a' }], { timeout: '10s' });
  expect(run.started[0]).toEqual({ type: 'set_timer', key: '@timeout', at: '1970-01-01T00:00:10.000Z' });
  run.at = 10_000;
  run.send({ type: 'timer', key: '@timeout', random: 0 });
  run.send({ type: 'cancelled', step_id: 'a' });
  expect(run.state).toMatchObject({ status: 'failed', error: { code: 'EXECUTION_TIMEOUT' } });
});

test('an output that cannot be evaluated fails the execution', () => {
  const run = new Example([{ id: 'a', compensate: { handler: 'test.undo' } }], { output: 1 });
  expect(run.succeed('a')).toEqual([{ type: 'evaluate_output' }]);
  const error = { code: 'EXPRESSION_ERROR', message: 'No.' };
  expect(run.send({ type: 'output_failed', error })).toEqual([{ type: 'compensate', step_id: 'a' }]);
  run.send({ type: 'compensated', step_id: 'a' });
  expect(run.state).toMatchObject({ status: 'failed', error });
});
