import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { creation } from '@vwmp/adapter-tests/samples';
import { expect, test } from 'vitest';
import { createSqliteStorage } from './storage.ts';
import { outputOf, startChild } from './testing/child.ts';
import { drivers } from './testing/drivers.ts';
import { removeFolder, temporaryFolder } from './testing/place.ts';

test.each(drivers)(
  '%s is loaded by opening, and not by importing, and the other one never',
  async (driver) => {
    const folder = temporaryFolder();
    const output = await outputOf(startChild('load', [join(folder, 'test.db'), driver]));
    removeFolder(folder);
    expect(output).toEqual([[], [], [driver]]);
  },
);

test('nothing is installed with it', () => {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  expect(manifest.dependencies).toBeUndefined();
  expect(manifest.peerDependenciesMeta).toEqual({ 'better-sqlite3': { optional: true } });
});

test.each(drivers)(
  'with %s a hundred storages that are opened and closed leave nothing open',
  async (driver) => {
    const folder = temporaryFolder();
    for (let n = 0; n < 100; n++) {
      const storage = createSqliteStorage({ path: join(folder, 'test.db'), driver });
      await storage.open();
      await storage.executions.append(creation(`e${n}`));
      await storage.close();
    }
    // Fails when this process has something open in it.
    removeFolder(folder);
    expect(
      process.getActiveResourcesInfo().filter((name) => name === 'Timeout' || name === 'Immediate'),
    ).toEqual([]);
  },
);
