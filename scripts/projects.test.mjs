import { expect, test } from 'vitest';
import { createVitest } from 'vitest/node';
import { root } from './lib/paths.mjs';

// One with another number is run apart from the others, file after file, or vitest refuses to run at all.
test('all projects have the same number of workers and the same limits', async () => {
  const vitest = await createVitest('test', { root, watch: false, run: true });
  try {
    const settings = vitest.projects.map(({ name, config }) => {
      const { maxWorkers, testTimeout, hookTimeout } = config;
      return { name, maxWorkers, testTimeout, hookTimeout, poll: config.expect.poll?.timeout };
    });
    const expected = { maxWorkers: 2, testTimeout: 60_000, hookTimeout: 60_000, poll: 30_000 };
    expect(settings).toEqual(settings.map(({ name }) => ({ name, ...expected })));
    expect(settings.length).toBeGreaterThan(15);
  } finally {
    await vitest.close();
  }
});
