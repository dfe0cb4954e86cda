import { expect, test } from 'vitest';
import { runName } from './run-name.ts';

test('a run is named by its step, and in a foreach by its index, too', () => {
  expect([runName({ step_id: 'a' }), runName({ step_id: 'a', index: 0 })]).toEqual(['a', 'a:0']);
});
