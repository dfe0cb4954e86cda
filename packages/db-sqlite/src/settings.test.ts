import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openFile } from './connection/open-file.ts';
import { drivers } from './testing/drivers.ts';
import { removeFolder, temporaryFolder } from './testing/place.ts';

let folder: string;

beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => removeFolder(folder));

describe.each(drivers)('%s', (driver) => {
  test.each([
    ['normal', 1],
    ['full', 2],
  ] as const)(
    'a file that is opened with %s can be shared, shrinks, and is marked as ours',
    async (synchronous, level) => {
      for (let time = 0; time < 2; time++) {
        const { database, close } = await openFile({
          path: join(folder, 'x.db'),
          synchronous,
          patience: 1000,
          driver,
        });
        const pragma = (name: string): unknown => database.pragma(name, { simple: true });
        expect(pragma('journal_mode')).toBe('wal');
        expect(pragma('synchronous')).toBe(level);
        expect(pragma('auto_vacuum')).toBe(2);
        expect(pragma('foreign_keys')).toBe(1);
        expect(Buffer.from((pragma('application_id') as number).toString(16), 'hex').toString()).toBe('VWMP');
        database.exec('create table if not exists t (a)');
        close();
      }
    },
  );
});
