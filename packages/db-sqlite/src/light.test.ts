import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { creation } from '@vwmp/adapter-tests/samples';
import { expect, test } from 'vitest';
import { createSqliteStorage } from './storage.ts';
import { outputOf, startChild } from './testing/child.ts';
import { removeFolder, temporaryFolder } from './testing/place.ts';

test('the driver is loaded by opening, and not by importing', async () => {
  const folder = temporaryFolder();
  const output = await outputOf(startChild('load', [join(folder, 'test.db')]));
  removeFolder(folder);
  expect(output).toEqual([{ imported: false }, { made: false }, { opened: true }]);
});

test('nothing but the driver is installed with it', () => {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  expect(Object.keys(manifest.dependencies)).toEqual(['better-sqlite3']);
});

test('a hundred storages that are opened and closed leave nothing open', async () => {
  const folder = temporaryFolder();
  for (let n = 0; n < 100; n++) {
    const storage = createSqliteStorage({ path: join(folder, 'test.db') });
    await storage.open();
    await storage.executions.append(creation(`e${n}`));
    await storage.close();
  }
  // Fails when this process has something open in it.
  removeFolder(folder);
  expect(
    process.getActiveResourcesInfo().filter((name) => name === 'Timeout' || name === 'Immediate'),
  ).toEqual([]);
});
