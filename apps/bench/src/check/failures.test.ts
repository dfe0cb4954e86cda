import { expect, it } from 'vitest';
import { plain } from '../figure.ts';
import type { Judged, RunResult } from '../report/result.ts';
import { failuresOf } from './failures.ts';
import type { CheckResult } from './result.ts';

const machine = { node: '24.0.0', platform: 'linux x64', cpu: 'Some CPU', cores: 2, memory: 8 * 1024 ** 3 };
const at = '2030-01-31T08:00:00.000Z';

const judged = (id: string, verdict: Judged['verdict']): Judged => ({
  figure: plain({ id, what: id, unit: 'MiB' }, [60]),
  budget: { max: 50 },
  verdict,
});

function check(
  excused: string[],
  failure?: { kind: 'failed' | 'not measured'; message: string },
): CheckResult {
  const scenario = { name: 'memory', title: 'memory', load: [1, 1] as [number, number], seconds: 1, failure };
  const budgets: RunResult[] = [
    {
      area: 'api',
      title: 'api',
      at,
      quick: true,
      machine,
      scenarios: [
        { ...scenario, judged: [judged('a', 'missed'), judged('b', 'unclear'), judged('c', 'met')] },
      ],
    },
  ];
  const rest = { metrics: [], artifacts: [], notCompared: [], head: 'aaaaaaa' };
  return { at, machine, load: [1, 1], seconds: 1, ...rest, budgets, excused };
}

it('fails for a budget that is missed, and says by how much', () => {
  expect(failuresOf(check([]))).toEqual([
    { id: 'a', kind: 'budget', message: 'a: 60 MiB, and the budget is ≤ 50 MiB' },
  ]);
});

it('does not blame a change for what was so before', () => {
  expect(failuresOf(check(['a']))).toEqual([]);
});

it('fails for a wrong result, whatever else is excused, and not for what cannot be measured here', () => {
  const ids = (kind: 'failed' | 'not measured'): string[] =>
    failuresOf(check(['a'], { kind, message: 'wrong' })).map(({ id }) => id);
  expect(ids('failed')).toEqual(['api.memory']);
  expect(ids('not measured')).toEqual([]);
});
