/** Prints which drivers are there: after the package was imported, a storage made, and it opened. Arguments: path, driver. */
import { createSqliteStorage, type SqliteDriver } from '../index.ts';
import { report } from './report.ts';

function loaded(): SqliteDriver[] {
  const { sharedObjects } = process.report.getReport() as { sharedObjects: string[] };
  const { moduleLoadList } = process as unknown as { moduleLoadList: string[] };
  return [
    ...(moduleLoadList.some((name) => name.endsWith(' sqlite')) ? ['node:sqlite' as const] : []),
    ...(sharedObjects.some((file) => file.endsWith('.node')) ? ['better-sqlite3' as const] : []),
  ];
}

const [path = '', driver] = process.argv.slice(2) as [string, SqliteDriver | undefined];
report(loaded());
const storage = createSqliteStorage({ path, driver });
report(loaded());
await storage.open();
report(loaded());
await storage.close();
