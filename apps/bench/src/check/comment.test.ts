import { expect, it } from 'vitest';
import { plain } from '../figure.ts';
import { summarize } from '../measure/statistics.ts';
import { compareArtifacts } from './artifacts.ts';
import { marker, renderComment } from './comment.ts';
import { failuresOf } from './failures.ts';
import type { CheckResult, MetricResult } from './result.ts';

const start = metric('start.cli', 'cold start', 'vwmp run of five steps', 'ms', 100, 124);
const memory = metric('rss.import', 'memory', 'resident, after import of the core', 'MiB', 45, 45);
const busy = metric('cpu.request', 'CPU per action', 'a GET request', 'µs', 90, 85.5);
const wasm = metric('wasm.ratio', 'compared', 'WebAssembly against JavaScript', '×', 0.4, 0.41);
const artifacts = { core: 100 * 1024, api: 40 * 1024, 'queue-memory': 6 * 1024 };

function metric(
  id: string,
  kind: MetricResult['kind'],
  what: string,
  unit: MetricResult['unit'],
  base: number,
  head: number,
): MetricResult {
  const compared = [{ quantile: 0.5, base, head, ratio: head / base, decision: 'same' as const }];
  const samples = { base: [base], head: [head] };
  const sides = { base: summarize([base]), head: summarize([head]) };
  return { id, kind, what, unit, key: 'value', samples, ...sides, compared, verdict: 'same' };
}

function check(rest: Partial<CheckResult> = {}): CheckResult {
  return {
    at: '2030-01-31T08:00:00.000Z',
    machine: { node: '24.0.0', platform: 'linux x64', cpu: 'Some CPU', cores: 2, memory: 8 * 1024 ** 3 },
    load: [0.5, 1],
    seconds: 312,
    head: 'aaaaaaa',
    base: 'bbbbbbb',
    metrics: [start, memory, busy, wasm],
    artifacts: compareArtifacts(artifacts, artifacts),
    notCompared: [],
    budgets: [],
    excused: [],
    ...rest,
  };
}

it('shows what it costs at a glance, and that noise is noise', () => {
  const comment = renderComment(check());
  expect(comment.startsWith(marker)).toBe(true);
  expect(comment).toMatchInlineSnapshot(`
    "<!-- vwmp bench check -->
    ## ✅ As light as before

    | | base | this | change | |
    | --- | ---: | ---: | ---: | --- |
    | **Cold start, p95** |  |  |  |  |
    | vwmp run of five steps | 100 ms | 124 ms | ▲ 24.0 % | noise |
    | **Memory** |  |  |  |  |
    | resident, after import of the core | 45 MiB | 45 MiB | ＝ |  |
    | **CPU per action** |  |  |  |  |
    | a GET request | 90 µs | 85.5 µs | ▼ 5.0 % |  |
    | **WebAssembly and JavaScript, a step that compares 100 vectors** |  |  |  |  |
    | WebAssembly against JavaScript | 0.40× | 0.41× | ▲ 2.5 % |  |
    | **Packed packages** |  |  |  |  |
    | all 3 together | 146.0 KiB | 146.0 KiB | ＝ |  |

    <details><summary>aaaaaaa against bbbbbbb, in turns on one machine, 5 min</summary>

    ▲ is more, ▼ less. Worse (❌) is what is more than 10 % above the base and differs by more than chance explains; *noise* is
    what may as well be chance. Cold starts are judged by their fastest fifth too, CPU time by that alone, memory by its median.
    Node 24.0.0, 2 cores, load 0.5 to 1.0. To repeat it: \`npm run bench -- check --base bbbbbbb\`.

    </details>
    "
  `);
});

it('says what is worse, of what was measured, packed and budgeted', () => {
  const judged = [
    {
      figure: plain({ id: 'artifact.core', what: '@vwmp/core, packed', unit: 'KiB' }, [130]),
      budget: { max: 110 },
      verdict: 'missed' as const,
    },
  ];
  const scenario = {
    name: 'artifacts',
    title: 'packed',
    load: [1, 1] as [number, number],
    seconds: 0,
    judged,
  };
  const { at, machine } = check();
  const budgets = [{ area: 'artifacts', title: 'packed', at, quick: true, machine, scenarios: [scenario] }];
  const result = check({
    metrics: [{ ...start, verdict: 'worse' }, memory],
    artifacts: compareArtifacts(artifacts, { ...artifacts, core: 130 * 1024, designer: 5 * 1024 ** 2 }),
    notCompared: [{ what: 'a GET request', why: 'Error: no a|pi' }],
    budgets,
  });
  expect(failuresOf(result).map(({ id }) => id)).toEqual(['start.cli', 'artifact.core', 'artifact.core']);
  expect(failuresOf({ ...result, excused: ['artifact.core'] }).map(({ id }) => id)).toEqual([
    'start.cli',
    'artifact.core',
  ]);
  expect(renderComment(result)).toMatchInlineSnapshot(`
    "<!-- vwmp bench check -->
    ## ❌ 3 figures are worse

    - **start.cli**: vwmp run of five steps: worse than the base
    - **artifact.core**: @vwmp/core: larger than the base
    - **artifact.core**: @vwmp/core, packed: 130 KiB, and the budget is ≤ 110 KiB

    | | base | this | change | |
    | --- | ---: | ---: | ---: | --- |
    | **Cold start, p95** |  |  |  |  |
    | vwmp run of five steps | 100 ms | 124 ms | ▲ 24.0 % | ❌ |
    | **Memory** |  |  |  |  |
    | resident, after import of the core | 45 MiB | 45 MiB | ＝ |  |
    | **Packed packages** |  |  |  |  |
    | @vwmp/core | 100.0 KiB | 130.0 KiB | ▲ 30.0 % | ❌ |
    | @vwmp/designer |  | 5.00 MiB | new |  |
    | all 4 together | 146.0 KiB | 5.17 MiB | ▲ 3527.4 % |  |

    - Not compared, the base cannot do it: a GET request (Error: no a|pi)

    Budgets: 0 met, 0 unclear, 1 missed.

    <details><summary>aaaaaaa against bbbbbbb, in turns on one machine, 5 min</summary>

    ▲ is more, ▼ less. Worse (❌) is what is more than 10 % above the base and differs by more than chance explains; *noise* is
    what may as well be chance. Cold starts are judged by their fastest fifth too, CPU time by that alone, memory by its median.
    Node 24.0.0, 2 cores, load 0.5 to 1.0. To repeat it: \`npm run bench -- check --base bbbbbbb\`.

    </details>
    "
  `);
});

it('holds a package for larger only when it is by more than a tenth, and by more than a line of its README', () => {
  const grown = { core: 110 * 1024, api: 44.1 * 1024, 'queue-memory': 6.9 * 1024, cli: 1 };
  const verdicts = compareArtifacts(artifacts, grown).map(({ name, verdict }) => [name, verdict]);
  expect(Object.fromEntries(verdicts)).toEqual({
    core: 'same',
    api: 'worse',
    'queue-memory': 'same',
    cli: 'new',
  });
});
