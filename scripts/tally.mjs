// Counts a run of .ci/run: `node tally.mjs FOLDER EXIT_CODE_OF_CHECKS EXIT_CODE_OF_TESTS`. Ends with code 1 if anything failed.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder = '', checksCode, testsCode] = process.argv.slice(2);

const checks = count(checksCode, () => {
  const results = /** @type {{ passed: boolean }[]} */ (read('checks.json'));
  return {
    passed: results.filter(({ passed }) => passed).length,
    failed: results.filter(({ passed }) => !passed).length,
  };
});

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

const passed = checks.passed + tests.passed;
const failed = checks.failed + tests.failed;
console.log(
  `\nchecks: ${checks.passed} passed, ${checks.failed} failed; tests: ${tests.passed} passed, ${tests.failed} failed`,
);
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

/** @param {string} file */
function read(file) {
  return JSON.parse(readFileSync(join(folder, file), 'utf8'));
}
