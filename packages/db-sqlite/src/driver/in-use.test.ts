import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createSqliteStorage } from '../storage.ts';
import { drivers } from '../testing/drivers.ts';
import { removeFolder, temporaryFolder } from '../testing/place.ts';

let folder: string;

beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => removeFolder(folder));

test.each(drivers)(
  'a file that this process has open by %s is not opened by the other one',
  async (driver) => {
    const [path, link] = [join(folder, 'test.db'), join(folder, 'link.db')];
    const first = createSqliteStorage({ path, driver });
    const again = createSqliteStorage({ path, driver });
    const other = createSqliteStorage({ path: link, driver: drivers.find((each) => each !== driver) });
    await first.open();
    await again.open();
    symlinkSync(path, link);
    for (const each of [first, again]) {
      await expect(other.open()).rejects.toMatchObject({
        code: 'STORE_UNAVAILABLE',
        message: expect.stringContaining('Use the same driver for both'),
      });
      await each.close();
    }
    await other.open();
    const late = createSqliteStorage({ path, driver });
    await expect(late.open()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await late.close();
    await other.close();
  },
);
