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

/** @param {number} checks @param {number} budgets @param {number} tests the exit codes */
function tally(checks, budgets, tests) {
  const args = [join(import.meta.dirname, 'tally.mjs'), folder, ...[checks, budgets, tests].map(String)];
  const { stdout, status } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  return { last: stdout.trimEnd().split('\n').at(-1), status };
}

test('checks, budgets and tests are counted together', () => {
  write('checks.json', [{ passed: true }, { passed: true }]);
  write('budgets.json', [{ passed: true }]);
  write('tests.json', { numPassedTests: 3, numFailedTests: 0, testResults: [] });
  expect(tally(0, 0, 0)).toEqual({ last: '6 passed, 0 failed', status: 0 });
});

test('a budget that was missed counts as one failure', () => {
  write('checks.json', [{ passed: true }]);
  write('budgets.json', [{ passed: true }, { passed: false }]);
  write('tests.json', { numPassedTests: 1, numFailedTests: 0, testResults: [] });
  expect(tally(0, 1, 0)).toEqual({ last: '3 passed, 1 failed', status: 1 });
});

test('a test file that could not be loaded counts as one failure', () => {
  write('checks.json', [{ passed: true }]);
  write('budgets.json', []);
  write('tests.json', {
    numPassedTests: 1,
    numFailedTests: 0,
    testResults: [{ status: 'failed', assertionResults: [] }],
  });
  expect(tally(0, 0, 1)).toEqual({ last: '2 passed, 1 failed', status: 1 });
});

test('a runner that failed without naming what failed is never counted as passed', () => {
  write('checks.json', [{ passed: true }]);
  write('budgets.json', []);
  write('tests.json', { numPassedTests: 1, numFailedTests: 0, testResults: [] });
  expect(tally(0, 0, 1)).toEqual({ last: '2 passed, 1 failed', status: 1 });
});

test('a runner that reported nothing is one failure', () => {
  expect(tally(1, 1, 1)).toEqual({ last: '0 passed, 3 failed', status: 1 });
});
