import { expect, it } from 'vitest';
import { differences } from './compare.tsx';
import { bucketsOf } from './plot.tsx';
import { splitProblems } from './run-dialog.tsx';
import { changedSteps } from './versions.tsx';

it('counts executions by when they began', () => {
  const now = 10_000;
  const one = (second: number, status: string, took?: number): never =>
    ({
      status,
      started_at: new Date(second * 1000).toISOString(),
      ...(took !== undefined && { completed_at: new Date(second * 1000 + took).toISOString() }),
    }) as never;
  const buckets = bucketsOf(
    [
      one(1, 'success', 10),
      one(1, 'success', 30),
      one(1, 'failed', 20),
      one(9, 'running'),
      one(-5, 'success', 1),
    ],
    now,
    5000,
    2,
  );
  expect(buckets).toEqual([
    { from: 0, success: 2, failed: 1, other: 0, duration: 20 },
    { from: 5000, success: 0, failed: 0, other: 1 },
  ]);
});

it('tells which steps changed between two versions, and not how they are written', () => {
  const before =
    'steps:\n  - id: a\n    handler: core.set\n  - {id: b, handler: core.set}\n  - id: c\n    handler: core.log\n';
  const after =
    'steps:\n  - {handler: core.set, id: d}\n  - id: b\n    handler: core.set\n  - id: c\n    handler: core.set\n';
  expect(changedSteps(before, after)).toEqual([
    { id: 'a', change: 'removed' },
    { id: 'c', change: 'changed' },
    { id: 'd', change: 'added' },
  ]);
});

it('tells in what a step differs between two executions', () => {
  const of = (steps: object): never => ({ steps }) as never;
  const a = of({ x: { status: 'success', attempts: 1, output: 1 }, y: { status: 'failed', attempts: 1 } });
  const b = of({ x: { status: 'success', attempts: 2, output: 2 } });
  expect(differences(a, b, 'x')).toEqual(['attempts', 'output']);
  expect(differences(a, b, 'y')).toEqual(['being there']);
});

it('says at a field what is wrong with a parameter, and all else beside the fields', () => {
  const of = (...paths: string[]): unknown => ({
    code: 'INVALID',
    message: 'No.',
    details: paths.map((path) => ({ path, message: `${path}!` })),
  });
  const parameters = [{ name: 'name', type: 'string' }] as never;
  const errors = { name: 'parameters.name!' };
  expect(splitProblems(of('parameters.name'), parameters)).toEqual({ errors, rest: undefined });
  // Of the document, not of what it is given.
  const others = ['name', 'parameters.0.name', 'steps.0.config.parameters.name'];
  expect(splitProblems(of(...others), parameters)).toEqual({ errors: {}, rest: of(...others) });
  expect(splitProblems(of('parameters.name', 'steps'), parameters)).toEqual({ errors, rest: of('steps') });
  expect(splitProblems(undefined, parameters)).toEqual({ errors: {}, rest: undefined });
  const lost = new Error('No connection');
  expect(splitProblems(lost, parameters)).toEqual({ errors: {}, rest: lost });
});
