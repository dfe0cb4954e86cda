import { expect, test } from 'vitest';
import { checkNode } from './better-sqlite3.ts';
import { chooseDriver } from './choose.ts';

test('a Node on which better-sqlite3 would crash is refused', () => {
  expect(() => checkNode({ napi: '9', node: '22.13.1' })).toThrow(
    expect.objectContaining({ code: 'STORE_UNAVAILABLE', message: expect.stringContaining('22.14') }),
  );
  checkNode({ napi: '10', node: '22.14.0' });
  checkNode(process.versions);
});

test.each([
  [undefined, 'better-sqlite3'],
  ['3.44.5', 'better-sqlite3'],
  ['3.44.6', 'node:sqlite'],
  ['3.49.1', 'better-sqlite3'],
  ['3.50.4', 'better-sqlite3'],
  ['3.50.7', 'node:sqlite'],
  ['3.51.2', 'better-sqlite3'],
  ['3.51.3', 'node:sqlite'],
  ['3.53.0', 'node:sqlite'],
  ['4.0.0', 'node:sqlite'],
])('with the SQLite %s in Node the driver is %s', (sqlite, driver) => {
  expect(chooseDriver({ ...(sqlite !== undefined && { sqlite }) })).toBe(driver);
});
