import { expect, it } from 'vitest';
import { beside, plain } from '../../figure.ts';
import type { Judged, RunResult } from '../result.ts';
import { judge } from '../verdict.ts';
import { renderPage } from './page.ts';
import { renderPlot } from './plot.ts';
import { explainFigure } from './words.ts';

const bare = { what: 'bare Node', values: [40, 41, 42] };
const process = beside(
  { id: 'a.process', what: 'whole process', unit: 'ms', by: 'difference' },
  [70, 71, 75],
  bare,
);
const rate = beside(
  { id: 'a.rate', what: 'requests <fast>', unit: 'requests/s', by: 'ratio' },
  [800, 900, 1000],
  { what: 'bare "Hono"', values: [1000, 1000, 1000] },
);
const heap = plain({ id: 'a.heap', what: 'heap & more', unit: 'bytes', note: 'a <note>' }, [-12]);

function judged(figure: Judged['figure'], budget?: Judged['budget']): Judged {
  return { figure, budget, verdict: judge(figure, budget) };
}

const result: RunResult = {
  area: 'core',
  title: 'the engine',
  at: '2030-01-31T08:00:00.000Z',
  quick: true,
  machine: { node: '24.0.0', platform: 'linux x64', cpu: 'Some CPU', cores: 2, memory: 8 * 1024 ** 3 },
  scenarios: [
    {
      name: 'a',
      title: 'npm install of a thing',
      about: 'Why `it` matters.',
      load: [0.5, 1],
      seconds: 3,
      judged: [judged(process, { max: 15 }), judged(rate, { min: 0.6 }), judged(heap)],
    },
    {
      name: 'b',
      title: 'another',
      load: [0.5, 1],
      seconds: 3,
      judged: [],
      failure: { kind: 'failed', message: '1 < 2' },
    },
  ],
};

it('says in sentences what each figure means', () => {
  expect(explainFigure(judged(process, { max: 15 }))).toBe(
    '71 ms, half of 3 samples from 70.5 ms to 73 ms. That is 30 ms more than bare Node. The budget is at most 15 ms more than bare Node.',
  );
  expect(explainFigure(judged(rate, { min: 0.6 }))).toBe(
    '900 requests/s, half of 3 samples from 850 requests/s to 950 requests/s. That is 0.90 times bare "Hono". The budget is at least 0.60 times that of bare "Hono".',
  );
  expect(explainFigure(judged(heap))).toBe('-12 bytes, measured once.');
});

it('draws the budget of a difference behind the yardstick, on the same axis', () => {
  const plot = renderPlot(judged(process, { max: 15 }));
  const places = [...plot.matchAll(/<rect [^>]*width="([\d.]+)"/g)].map(([, width]) => Number(width));
  const [, limit] = /class="limit" x1="([\d.]+)"/.exec(plot) ?? [];
  const [own, yardstick] = places as [number, number];
  expect(own / yardstick).toBeCloseTo(71 / 41, 1);
  expect(Number(limit) / yardstick).toBeCloseTo((41 + 15) / 41, 1);
  expect(plot).toContain('at most +15 ms');
});

it('draws VWMP in its colour where it stands beside another engine, too', () => {
  const peer = { id: 'a.peer', what: 'Other: installed', unit: 'MiB', by: 'ratio' } as const;
  const figure = beside(peer, [12], { what: 'VWMP', values: [2] });
  const bars = (plot: string): (string | undefined)[] =>
    [...plot.matchAll(/<rect class="([\w ]+?) *"/g)].map(([, kind]) => kind);
  const plot = renderPlot({ figure, budget: { min: 10 }, verdict: 'missed' });
  expect(bars(plot)).toEqual(['yardstick', 'own missed']);
  expect(plot).toContain('2 MiB, VWMP');
  expect(bars(renderPlot(judged(process)))).toEqual(['own none', 'yardstick']);
});

it('shows everything on one page that loads nothing, and takes no text for markup', () => {
  const page = renderPage([result, { ...result, area: 'api' }]);
  expect(page.indexOf('id="api"')).toBeLessThan(page.indexOf('id="core"'));
  expect(page).toContain('1 met, 1 missed');
  expect(page).toContain('<h3>npm install of a thing</h3>');
  expect(page).toContain('Why <code>it</code> matters.');
  expect(page).toContain('requests &lt;fast&gt;');
  expect(page).toContain('a &lt;note&gt;');
  expect(page).toContain('failed: 1 &lt; 2');
  expect(page).toContain('a quick run');
  expect(page).not.toMatch(/<script|src=|href="(?!#)|url\(|@import/);
});

it('draws what has no yardstick on one axis, when all of it can be seen', () => {
  const [small, large, tiny] = [10, 20, 0.01].map((value) =>
    judged(plain({ id: 'a', what: 'a', unit: 'ms' }, [value, value * 1.01])),
  ) as [Judged, Judged, Judged];
  const lengthOf = (plot: string): number => Number(/<rect [^>]*width="([\d.]+)"/.exec(plot)?.[1]);
  const all = [small, large, tiny];
  expect(lengthOf(renderPlot(large, all)) / lengthOf(renderPlot(small, all))).toBeCloseTo(2, 1);
  expect(lengthOf(renderPlot(tiny, all))).toBeGreaterThan(100);
});

it('draws every number inside of its picture', () => {
  for (const values of [[0], [-5], [1e-9], [1e12], [1, 1000]]) {
    const figure = beside({ id: 'a', what: 'a', unit: 'ms', by: 'ratio' }, values, {
      what: 'b',
      values: values.map(() => 1),
    });
    for (const budget of [undefined, { max: 2 }, { min: 5000 }, { max: 0 }]) {
      const plot = renderPlot({ figure, budget, verdict: 'none' });
      expect(plot).not.toMatch(/NaN|Infinity|undefined/);
      for (const [, x] of plot.matchAll(/(?:x1|x2|width)="([-\d.]+)"/g)) {
        expect(Number(x)).toBeGreaterThanOrEqual(0);
        expect(Number(x)).toBeLessThanOrEqual(460);
      }
    }
  }
});
