// npm run check: everything that can be said about the code without running it. All checks run, whatever fails.
// `npm run check -- --fix` also repairs format and lint. `--report=FILE` writes the outcome as JSON.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { installMissing } from './lib/bootstrap.mjs';
import { dim, fail, green, red, seconds } from './lib/console.mjs';
import { capture } from './lib/run.mjs';

const { fix, report } = readOptions();
const turbo = ['--output-logs=errors-only'];

/** @type {{ name: string, command: string, args: string[] }[]} */
const checks = [
  { name: 'build', command: 'turbo', args: ['run', 'build', ...turbo] },
  {
    name: 'format and lint',
    command: 'biome',
    args: ['check', '--error-on-warnings', ...(fix ? ['--write'] : [])],
  },
  { name: 'types', command: 'turbo', args: ['run', 'types', '--continue', ...turbo] },
  { name: 'unused code', command: 'knip', args: ['--no-progress', '--treat-config-hints-as-errors'] },
  { name: 'package exports', command: 'node', args: ['tooling/checks/exports.mjs'] },
];

await installMissing();

const results = [];
for (const { name, command, args } of checks) {
  const started = performance.now();
  const { code, output } = await capture(command, args);
  const passed = code === 0;
  if (!passed) console.log(`${red(`✗ ${name}`)}\n\n${output.trim()}\n`);
  results.push({ name, passed, time: seconds(started) });
}

const width = Math.max(...checks.map(({ name }) => name.length));
for (const { name, passed, time } of results) {
  console.log(`${passed ? green('✓ passed') : red('✗ failed')}  ${name.padEnd(width)}  ${dim(time)}`);
}
if (report) writeFileSync(report, JSON.stringify(results));
if (results.some(({ passed }) => !passed)) process.exitCode = 1;

function readOptions() {
  try {
    return parseArgs({ options: { fix: { type: 'boolean' }, report: { type: 'string' } } }).values;
  } catch (error) {
    fail(String(error), ['npm run check -- --fix repairs format and lint; there is nothing else to choose.']);
  }
}
