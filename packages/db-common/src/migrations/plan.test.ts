import { expect, test } from 'vitest';
import { pendingMigrations } from './plan.ts';

const known = ['1', '2', '3'].map((id) => ({ id, sql: '' }));

test('what was not carried out yet is to come', () => {
  const pending = (applied: string[]) => pendingMigrations(known, applied, 'x').map(({ id }) => id);
  expect(pending([])).toEqual(['1', '2', '3']);
  expect(pending(['1', '2'])).toEqual(['3']);
  expect(pending(['1', '2', '3'])).toEqual([]);
});

test('a database that is newer, or of another line, is refused', () => {
  for (const applied of [['1', '2', '3', '4'], ['2'], ['1', '3']]) {
    expect(() => pendingMigrations(known, applied, 'x.db')).toThrow('The database x.db was brought to');
  }
});
