import { expect, test } from 'vitest';
import { pendingMigrations, unfinishedCopy } from './plan.ts';

const known = ['1', '2', '3'].map((id) => ({ id, sql: '' }));

test('what was not carried out yet is to come', () => {
  const pending = (applied: string[]) => pendingMigrations(known, applied, 'x').map(({ id }) => id);
  expect(pending([])).toEqual(['1', '2', '3']);
  expect(pending(['1', '2'])).toEqual(['3']);
  expect(pending(['1', '2', '3'])).toEqual([]);
});

test('a copy that is not complete is refused, with what to do', () => {
  for (const applied of [
    [unfinishedCopy],
    ['1', '2', '3', unfinishedCopy],
    ['1', '2', '3', '4', unfinishedCopy],
  ])
    expect(() => pendingMigrations(known, applied, 'database x.db')).toThrow(
      'The database x.db is a copy that was broken off or is still being made: parts are missing.',
    );
});

test('a database that is newer, or of another line, is refused', () => {
  for (const applied of [['1', '2', '3', '4'], ['2'], ['1', '3']]) {
    expect(() => pendingMigrations(known, applied, 'database x.db')).toThrow(
      'The database x.db was brought to',
    );
  }
});
