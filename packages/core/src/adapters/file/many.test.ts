import { expect, test } from 'vitest';
import { creation, second } from '../testing/samples.ts';
import { createFileExecutionStore } from './execution-store.ts';
import { removeFolder, temporaryFolder } from './testing/folder.ts';

test('ten thousand executions are listed', { timeout: 120_000 }, async () => {
  const folder = temporaryFolder();
  const store = createFileExecutionStore({ folder });
  await store.open();
  const all = Array.from({ length: 10_000 }, (_, n) => creation(`e${n}`, { started_at: second(n) }));
  await Promise.all(all.map((append) => store.append(append)));
  await store.close();

  const reopened = createFileExecutionStore({ folder });
  await reopened.open();
  const page = await reopened.list({ limit: 1, status: ['running'] });
  expect(page).toMatchObject({ count: 10_000, results: [{ id: 'e9999' }] });
  await reopened.close();
  removeFolder(folder);
});
