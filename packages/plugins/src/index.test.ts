import { expect, test } from 'vitest';
import { plugins } from './index.ts';

test('every plugin has a name of its own', () => {
  expect(new Set(plugins.map(({ name }) => name)).size).toBe(plugins.length);
});
