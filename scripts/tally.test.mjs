import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vwmp-tally-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (/** @type {string} */ file, /** @type {unknown} */ content) =>
  writeFileSync(join(folder, file), JSON.stringify(content));

/** @param {number} checks @param {number} tests the exit codes of both */
function tally(checks, tests) {
  const args = [join(import.meta.dirname, 'tally.mjs'), folder, String(checks), String(tests)];
  const { stdout, status } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  return { last: stdout.trimEnd().split('\n').at(-1), status };
}

test('checks and tests are counted together', () => {
  write('checks.json', [{ passed: true }, { passed: true }]);
  write('tests.json', { numPassedTests: 3, numFailedTests: 0, testResults: [] });
  expect(tally(0, 0)).toEqual({ last: '5 passed, 0 failed', status: 0 });
});

test('a test file that could not be loaded counts as one failure', () => {
  write('checks.json', [{ passed: true }]);
  write('tests.json', {
    numPassedTests: 1,
    numFailedTests: 0,
    testResults: [{ status: 'failed', assertionResults: [] }],
  });
  expect(tally(0, 1)).toEqual({ last: '2 passed, 1 failed', status: 1 });
});

test('a runner that failed without naming what failed is never counted as passed', () => {
  write('checks.json', [{ passed: true }]);
  write('tests.json', { numPassedTests: 1, numFailedTests: 0, testResults: [] });
  expect(tally(0, 1)).toEqual({ last: '2 passed, 1 failed', status: 1 });
});

test('a runner that reported nothing is one failure', () => {
  expect(tally(1, 1)).toEqual({ last: '0 passed, 2 failed', status: 1 });
});
