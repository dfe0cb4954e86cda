/** Prints whether the driver is there: after the package was imported, a storage made, and it opened. Argument: path. */
import { createSqliteStorage } from '../index.ts';
import { report } from './report.ts';

function hasDriver(): boolean {
  const { sharedObjects } = process.report.getReport() as { sharedObjects: string[] };
  return sharedObjects.some((file) => file.endsWith('.node'));
}

report({ imported: hasDriver() });
const storage = createSqliteStorage({ path: process.argv[2]! });
report({ made: hasDriver() });
await storage.open();
report({ opened: hasDriver() });
await storage.close();
