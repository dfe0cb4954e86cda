import { expect, test } from 'vitest';
import { filePluginName, httpPluginName, shellPluginName } from './index.ts';

test('every plugin has a name of its own', () => {
  expect(new Set([filePluginName, httpPluginName, shellPluginName]).size).toBe(3);
});
