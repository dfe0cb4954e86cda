import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

/** V8 says on stderr which flags it does not know. */
function run(body: string): { out: string; err: string } {
  const file = JSON.stringify(new URL('./spare-memory.ts', import.meta.url).href);
  const program = `const { adaptToLoad, spareMemory, spendMemory } = await import(${file});\n${body}`;
  const args = ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', program];
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  return { out: stdout.trim(), err: stderr };
}

/** Makes garbage that lives for a while, and says how large the young generation became, in MB. */
const young = `
let kept = [];
for (let i = 0; i < 2_000_000; i++) { kept.push({ i }); if (kept.length > 50_000) kept = []; }
const { space_size } = process.getBuiltinModule('node:v8').getHeapSpaceStatistics().find((each) => each.space_name === 'new_space');
console.log(Math.round(space_size / 1e6));`;

test('the young generation stays small, and grows when memory may be spent', () => {
  const small = run(`spareMemory();${young}`);
  const usual = run(`spareMemory();\nspendMemory();${young}`);
  expect([small.err, usual.err]).toEqual(['', '']);
  expect(Number(small.out)).toBeLessThanOrEqual(4);
  expect(Number(usual.out)).toBeGreaterThan(Number(small.out));
});

/** Calls many functions often, and says how many KB of machine code came of it. */
const busy = `
const { getHeapCodeStatistics } = process.getBuiltinModule('node:v8');
const size = () => getHeapCodeStatistics().code_and_metadata_size;
const made = Array.from({ length: 300 }, (_, n) => new Function('x', 'for (let i = 0; i < 9; i++) x.n += i * ' + n));
const before = size();
for (let round = 0; round < 1000; round++) for (const each of made) each({ n: 0 });
console.log(Math.round((size() - before) / 1024));`;

test('no machine code is made before there is something to do', () => {
  const asleep = run(`spareMemory();${busy}`);
  const awake = run(`spareMemory();\nadaptToLoad()();${busy}`);
  const usual = run(`spareMemory();\nspendMemory();${busy}`);
  expect([asleep.err, awake.err, usual.err]).toEqual(['', '', '']);
  expect(Number(asleep.out)).toBeLessThan(20);
  expect(Number(awake.out)).toBeGreaterThan(60);
  expect(Number(usual.out)).toBeGreaterThan(60);
});

test('a process that nothing keeps alive ends while somebody looks at how busy it is', () => {
  expect(run(`spareMemory();\nconst note = adaptToLoad();\nnote();\nnote();\nconsole.log('done');`)).toEqual({
    out: 'done',
    err: '',
  });
});
