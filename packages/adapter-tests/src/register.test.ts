import { expect, type TestContext } from 'vitest';
import { register } from './register.ts';
import type { Case } from './suite.ts';

// Longer than the patience, whatever the config of vitest says: a test says itself what it has waited for in vain.
const run = ({ task }: TestContext): void => expect(task.timeout).toBe(1_060_000);

register('a test', [{ name: 'may take longer than what it waits for', run: run as unknown as Case['run'] }], {
  patience: 500_000,
});
