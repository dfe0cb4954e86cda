import { expect, it } from 'vitest';
import { parseRunRef } from './approval.ts';

it.each([
  ['a', { step_id: 'a' }],
  ['a:0', { step_id: 'a', index: 0 }],
  ['a:12', { step_id: 'a', index: 12 }],
  // None of these may stand for the first item.
  ['a:', { step_id: 'a:' }],
  ['a:0:1', { step_id: 'a:0:1' }],
  ['a: 1', { step_id: 'a: 1' }],
  ['a:-1', { step_id: 'a:-1' }],
])('%j names a run', (text, ref) => {
  expect(parseRunRef(text)).toEqual(ref);
});
