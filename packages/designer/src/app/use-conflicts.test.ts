import { expect, it, vi } from 'vitest';
import type { StoredWorkflow } from '../backend.ts';
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

it('keeps it through a reload, of what is still not saved', () => {
  const kept = new Map<string, string>();
  const keeper = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
  const conflicts = createConflicts(() => keeper, { has: () => true });
  conflicts.set('a', { theirs: undefined });
  conflicts.set('b', { theirs: { id: 'b' } as StoredWorkflow });
  const again = createConflicts(() => keeper, { has: (id) => id !== 'a' });
  expect([...again.getAll()]).toEqual([['b', { theirs: undefined, before: 'changed' }]]);
  conflicts.clear();
  expect(createConflicts(() => keeper, { has: () => true }).getAll().size).toBe(0);
});

it.each(['nonsense', '{}', '[1]', 'null'])('begins with nothing where %s is kept', (text) => {
  const keeper = { getItem: () => text, setItem() {}, removeItem() {} };
  expect(createConflicts(() => keeper, { has: () => true }).getAll().size).toBe(0);
});
