import { expect, test } from 'vitest';
import { Example, type ExampleStep } from './testing/example.ts';

test('a step that depends on nothing starts at once, the others when their dependencies have settled', () => {
  const run = new Example([{ id: 'b', dependencies: ['a'] }, { id: 'a' }]);
  expect(run.started).toEqual([{ type: 'run', step_id: 'a', attempt: 1, iteration: 0 }]);
  expect(run.succeed('a')).toEqual([{ type: 'run', step_id: 'b', attempt: 1, iteration: 0 }]);
  expect(run.succeed('b')).toEqual([{ type: 'finish' }]);
  expect(run.state).toMatchObject({ phase: 'completed', status: 'success' });
});

test.each([
  ['all', 'skipped: upstream_failed'],
  ['any', 'running'],
  ['done', 'running'],
] as const)('join %s with one live and one dead edge: %s', (join, becomes) => {
  const run = new Example([
    { id: 'good' },
    { id: 'bad' },
    { id: 'last', dependencies: ['good', 'bad'], join },
  ]);
  run.succeed('good');
  expect(run.steps.last, 'not before all have settled').toBe('pending');
  run.fail('bad');
  expect(run.steps.last).toBe(becomes);
});

test('join any skips a step without a live edge, join done runs it', () => {
  const dependencies = ['bad:left', 'bad'];
  const run = new Example([
    { id: 'bad' },
    { id: 'any', dependencies, join: 'any' },
    { id: 'done', dependencies, join: 'done' },
  ]);
  run.fail('bad');
  expect(run.steps).toEqual({ bad: 'failed', any: 'skipped: upstream_failed', done: 'running' });
});

const branches: ExampleStep[] = [
  { id: 'a', required: false },
  { id: 'plain', dependencies: ['a'] },
  { id: 'left', dependencies: ['a:left'] },
  { id: 'error', dependencies: ['a:error'] },
];

test('success makes the plain edge live and the port that was emitted', () => {
  const run = new Example(branches);
  run.succeed('a', { port: 'left' });
  expect(run.steps).toMatchObject({ plain: 'running', left: 'running', error: 'skipped: upstream_skipped' });
  const other = new Example(branches);
  other.succeed('a', { port: 'right' });
  expect(other.steps).toMatchObject({ plain: 'running', left: 'skipped: upstream_skipped' });
});

test('failure makes the error port live, and the plain edge if the step is optional', () => {
  const optional = new Example(branches);
  optional.fail('a');
  expect(optional.steps).toMatchObject({
    plain: 'running',
    left: 'skipped: upstream_failed',
    error: 'running',
  });
  const required = new Example([{ id: 'a' }, ...branches.slice(1)]);
  required.fail('a');
  expect(required.steps).toMatchObject({ plain: 'skipped: upstream_failed', error: 'running' });
});

test('a disabled step is skipped, and its plain edge is live as if it had succeeded', () => {
  const run = new Example([{ id: 'a', enabled: false }, ...branches.slice(1)]);
  expect(run.steps).toMatchObject({
    a: 'skipped: disabled',
    plain: 'running',
    left: 'skipped: upstream_skipped',
    error: 'skipped: upstream_skipped',
  });
  expect(run.step('a').output).toBeNull();
});

test('a condition that does not hold skips the step, and what depends on it is skipped too', () => {
  const run = new Example([
    { id: 'a', when: 'no' },
    { id: 'b', dependencies: ['a'] },
  ]);
  expect(run.started).toEqual([{ type: 'evaluate', step_id: 'a' }]);
  run.send({ type: 'evaluated', step_id: 'a', holds: false });
  expect(run.steps).toEqual({ a: 'skipped: condition', b: 'skipped: upstream_skipped' });
  expect(run.state.status).toBe('success');
});

test('the reason is upstream_failed next to a failure and upstream_skipped further on', () => {
  const run = new Example([{ id: 'a' }, { id: 'b', dependencies: ['a'] }, { id: 'c', dependencies: ['b'] }]);
  run.fail('a');
  expect(run.steps).toEqual({ a: 'failed', b: 'skipped: upstream_failed', c: 'skipped: upstream_skipped' });
});

test('a step with several edges from one source is decided by all of them', () => {
  const dependencies = ['a', 'a:left'];
  const run = new Example([
    { id: 'a' },
    { id: 'all', dependencies },
    { id: 'any', dependencies, join: 'any' },
  ]);
  run.succeed('a');
  expect(run.steps).toMatchObject({ all: 'skipped: upstream_skipped', any: 'running' });
});
