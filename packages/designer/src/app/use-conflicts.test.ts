import { expect, it, vi } from 'vitest';
import { createConflicts } from './use-conflicts.ts';

it('keeps what is to be decided until it is, and tells only of changes', () => {
  const conflicts = createConflicts();
  const listener = vi.fn();
  const leave = conflicts.subscribe(listener);
  conflicts.set('a', undefined);
  expect(listener).not.toHaveBeenCalled();
  conflicts.set('a', { theirs: undefined });
  const before = conflicts.getAll();
  conflicts.set('b', { theirs: undefined });
  expect([...before.keys()]).toEqual(['a']);
  conflicts.set('a', undefined);
  expect([...conflicts.getAll().keys()]).toEqual(['b']);
  expect(listener).toHaveBeenCalledTimes(3);
  leave();
  conflicts.set('b', undefined);
  expect(listener).toHaveBeenCalledTimes(3);
});
