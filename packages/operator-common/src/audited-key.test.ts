import { expect, test } from 'vitest';
import { auditedKey } from './audited-key.ts';

test('a key is shown where no secret can be in it, else the hash that the history has', () => {
  expect(auditedKey('bill-1', { origin: {} })).toBe('bill-1');
  expect(auditedKey('bill-1', {})).toBe('bill-1');
  expect(auditedKey(undefined, { origin: { sealed: 'x' } })).toBe(undefined);
  const hidden = auditedKey('bill hush', { origin: { sealed: 'x' } })!;
  expect(hidden).toMatch(/^\*\*\*[\da-f]{64}$/);
  expect(auditedKey('bill hush', undefined)).toBe(hidden);
  expect(auditedKey(hidden, { origin: { sealed: 'x' } })).toBe(hidden);
});
