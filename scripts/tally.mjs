// Counts a run of .ci/run: `node tally.mjs FOLDER CHECKS BUDGETS TESTS`, the last three being the exit codes of the three parts.
// Ends with code 1 if anything failed.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder = '', checksCode, budgetsCode, testsCode] = process.argv.slice(2);

const checks = count(checksCode, () => outcomes('checks.json'));
const budgets = count(budgetsCode, () => outcomes('budgets.json'));

const tests = count(testsCode, () => {
  const { numPassedTests, numFailedTests, testResults } = read('tests.json');
  // A file that could not be loaded has no tests that could fail: it counts as one.
  const broken = testResults.filter(
    (/** @type {any} */ file) =>
      file.status === 'failed' &&
      !file.assertionResults.some((/** @type {any} */ test) => test.status === 'failed'),
  ).length;
  return { passed: numPassedTests, failed: numFailedTests + broken };
});

const parts = { checks, budgets, tests };
const passed = checks.passed + budgets.passed + tests.passed;
const failed = checks.failed + budgets.failed + tests.failed;
const lines = Object.entries(parts).map(
  ([name, part]) => `${name}: ${part.passed} passed, ${part.failed} failed`,
);
console.log(`\n${lines.join('; ')}`);
console.log(`${passed} passed, ${failed} failed`);
if (failed > 0) process.exitCode = 1;

/**
 * What the runner reported. A runner that failed without naming what failed, or that reported nothing, is one failure.
 *
 * @param {string | undefined} code
 * @param {() => { passed: number, failed: number }} reported
 */
function count(code, reported) {
  let counts = { passed: 0, failed: 0 };
  try {
    counts = reported();
  } catch {
    return { passed: 0, failed: 1 };
  }
  if (code !== '0' && counts.failed === 0) counts.failed = 1;
  return counts;
}

/** @param {string} file a list of what was looked at, and whether it passed */
function outcomes(file) {
  const results = /** @type {{ passed: boolean }[]} */ (read(file));
  return {
    passed: results.filter(({ passed }) => passed).length,
    failed: results.filter(({ passed }) => !passed).length,
  };
}

/** @param {string} file */
function read(file) {
  return JSON.parse(readFileSync(join(folder, file), 'utf8'));
}
