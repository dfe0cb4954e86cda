/** Opens a database, writes to it, and prints the error of either. Argument: path. */
import { scriptStorage } from './drivers.ts';
import { report, told } from './report.ts';

const storage = scriptStorage(process.argv[2]!);
try {
  await storage.open();
  await storage.audit.add({ at: new Date(0).toISOString(), actor: 'a', action: 'b', subject: 'c' });
  report({ opened: true });
} catch (error) {
  report(told(error));
}
await storage.close();
