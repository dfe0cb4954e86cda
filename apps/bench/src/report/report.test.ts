import { expect, it } from 'vitest';
import { beside, plain } from '../figure.ts';
import { formatNumber, formatSummary } from './format.ts';
import { renderMarkdown } from './markdown.ts';
import { isGood, type Judged, type RunResult } from './result.ts';
import { renderSvg } from './svg.ts';
import { renderScenario } from './table.ts';

const yardstick = { what: 'bare Node', values: [40, 41, 42] };
const slow = beside(
  { id: 'a.slow', what: 'whole process', unit: 'ms', by: 'difference' },
  [70, 71, 75],
  yardstick,
);
const steps = plain({ id: 'a.steps', what: 'steps', unit: 'steps/s', note: 'a | b' }, [250_000]);

function run(...judged: Judged[]): RunResult {
  return {
    area: 'core',
    title: 'the engine',
    at: '2030-01-31T08:00:00.000Z',
    quick: false,
    machine: { node: '24.0.0', platform: 'linux x64', cpu: 'Some CPU', cores: 2, memory: 8 * 1024 ** 3 },
    scenarios: [{ name: 'a', title: 'a thing', load: [0.5, 1], seconds: 3, judged }],
  };
}

it('formats with three digits that mean something', () => {
  expect(formatNumber(1234567.8, 'steps/s')).toBe('1,234,568 steps/s');
  expect(formatNumber(12.345, 'ms')).toBe('12.3 ms');
  expect(formatNumber(1.234, '×')).toBe('1.23×');
  expect(formatNumber(0, 'count')).toBe('0');
  expect(formatSummary(slow.measured, 'ms')).toBe('71 ms (70–75)');
});

it('shows figure, yardstick, difference, budget and verdict', () => {
  const shown = run({ figure: slow, budget: { max: 15 }, verdict: 'missed' });
  const markdown = renderMarkdown(shown);
  const line = '| whole process | 71 ms (70–75) | bare Node: 41 ms | +30 ms (30–33) | ≤ 15 ms | missed |';
  expect(markdown).toContain(line);
  expect(markdown).toContain('Load of the machine: 0.5 to 1.0');
  expect(renderScenario(shown.scenarios[0]!)).toContain('bare Node: 41 ms');
  expect(renderSvg(shown)).toContain('30 ms, budget ≤ 15 ms');
});

it('cuts off no figure in the picture', () => {
  const fast = plain({ id: 'a.fast', what: 'many', unit: 'executions/s' }, [1_234_567]);
  const picture = renderSvg(run({ figure: fast, budget: { min: 1_000_000 }, verdict: 'met' }));
  const [, width] = /viewBox="0 0 (\d+) /.exec(picture)!;
  const [, x, text] = /<text x="(\d+)"[^>]*>(1,234,567[^<]*)</.exec(picture)!;
  // As wide as letters are on average in the fonts that there are.
  expect(Number(x) + text!.length * 6.2).toBeLessThan(Number(width));
});

it('is not good when a budget is missed or a result is wrong, and is when something cannot be measured yet', () => {
  expect(isGood(run({ figure: slow, verdict: 'missed' }))).toBe(false);
  expect(isGood(run({ figure: slow, verdict: 'unclear' }, { figure: steps, verdict: 'none' }))).toBe(true);
  const failed = run();
  failed.scenarios[0]!.failure = { kind: 'failed', message: 'wrong' };
  expect(isGood(failed)).toBe(false);
  failed.scenarios[0]!.failure = { kind: 'not measured', message: 'not there' };
  expect(isGood(failed)).toBe(true);
});
