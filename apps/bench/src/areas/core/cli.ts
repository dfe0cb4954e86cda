import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beside, type Figure } from '../../figure.ts';
import { type ChildOptions, runChild } from '../../measure/child.ts';
import { interleave } from '../../measure/interleave.ts';
import { type Bench, NotMeasured, type Scenario } from '../../scenario.ts';

const command = join(import.meta.dirname, '..', '..', '..', '..', '..', 'packages', 'cli', 'bin', 'vwmp.js');

/** Five steps, one after the other. Expressions bring the Common Expression Language in. */
const document = (value: (step: number) => string): string => `
name: five
steps:
${[1, 2, 3, 4, 5]
  .map(
    (n) => `  - id: s${n}
    handler: core.set
    ${n === 1 ? '' : `dependencies: [s${n - 1}]\n    `}config:
      value: ${value(n)}
`,
  )
  .join('')}`;

/** Whole processes, as somebody at a terminal waits for them. */
export const cliScenario: Scenario = {
  name: 'cli',
  title: 'vwmp run of a file with five steps',
  about: 'What somebody at a terminal, or a script that calls vwmp again and again, waits for.',
  async measure({ choose }: Bench): Promise<Figure[]> {
    const folder = mkdtempSync(join(tmpdir(), 'vwmp-bench-cli-'));
    try {
      return await measureIn(folder, choose(15, 5));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

async function measureIn(folder: string, rounds: number): Promise<Figure[]> {
  writeFileSync(join(folder, 'plain.yaml'), document(String));
  writeFileSync(
    join(folder, 'five.yaml'),
    document((n) => (n === 1 ? '1' : `\${steps.s${n - 1}.output + 1}`)),
  );
  writeFileSync(join(folder, 'bare.mjs'), '');
  const bare = (options: ChildOptions = {}) => runChild(['bare.mjs'], { cwd: folder, ...options });
  const run = (options: ChildOptions = {}, file = 'five.yaml') =>
    runChild([command, 'run', file], { cwd: folder, ...options });
  const warm = { env: { NODE_COMPILE_CACHE: join(folder, 'warm') } };
  try {
    await run(warm);
  } catch (error) {
    throw new NotMeasured(`vwmp run does not work yet: ${String(error).split('\n')[1] ?? error}`);
  }
  let caches = 0;
  const cold = () => {
    const cache = join(folder, `cold-${caches++}`);
    mkdirSync(cache);
    return run({ env: { NODE_COMPILE_CACHE: cache } });
  };
  const both = async (one: () => Promise<unknown>): Promise<{ milliseconds: number }> => {
    const begun = performance.now();
    await Promise.all([one(), one()]);
    return { milliseconds: performance.now() - begun };
  };
  const samples = await interleave(rounds, {
    bare: () => bare(),
    plain: () => run(warm, 'plain.yaml'),
    warm: () => run(warm),
    cold,
    bareTwice: () => both(() => bare()),
    twice: () => both(() => run(warm)),
  });
  const times = (key: keyof typeof samples): number[] => samples[key].map(({ milliseconds }) => milliseconds);
  const one = { what: 'bare Node', values: times('bare') };
  const two = { what: 'two bare Nodes at once', values: times('bareTwice') };
  return [
    beside(
      { id: 'cli.plain', what: 'one after the other, no expressions', unit: 'ms', by: 'ratio' },
      times('plain'),
      one,
    ),
    beside(
      { id: 'cli.warm', what: 'one after the other, with expressions', unit: 'ms', by: 'ratio' },
      times('warm'),
      one,
    ),
    beside(
      { id: 'cli.twice', what: 'two at once, with expressions', unit: 'ms', by: 'ratio' },
      times('twice'),
      two,
    ),
    beside(
      { id: 'cli.cold', what: 'the first run ever, cold compile cache', unit: 'ms', by: 'ratio' },
      times('cold'),
      one,
    ),
  ];
}
