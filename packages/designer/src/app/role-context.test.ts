import { expect, it } from 'vitest';
import { refusalOf } from './role-context.ts';

it('refuses what the API refuses, and nothing where the role is not known', () => {
  expect(refusalOf('viewer', 'executor')).toBe('Your key has the role “viewer”, and “executor” is needed.');
  expect(refusalOf('executor', 'editor')).toMatch('“editor” is needed');
  expect(refusalOf('executor', 'executor')).toBeUndefined();
  expect(refusalOf('admin', 'editor')).toBeUndefined();
  expect(refusalOf('viewer', undefined)).toBeUndefined();
  expect(refusalOf(undefined, 'admin')).toBeUndefined();
});
