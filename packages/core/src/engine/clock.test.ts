import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const clock = JSON.stringify(join(import.meta.dirname, 'clock.ts'));

function run(code: string): string {
  const program = `import { systemClock as clock } from ${clock};\n${code}`;
  return execFileSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8' });
}

test('a timer keeps the process alive, a background timer does not', () => {
  expect(run(`clock.setTimer(clock.now() + 20, () => console.log('fired'))`)).toBe('fired\n');
  // Any distance: the second one is beyond what setTimeout takes.
  expect(
    run(
      `for (const far of [1e8, 1e13]) clock.setTimer(clock.now() + far, () => console.log('fired'), { background: true })`,
    ),
  ).toBe('');
});
