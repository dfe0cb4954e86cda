/** Backs a database up, and prints the error and what lies beside the backup then. Arguments: path, path of the backup. */
import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { scriptStorage } from './drivers.ts';
import { report, told } from './report.ts';

const [path, target] = process.argv.slice(2) as [string, string];
const storage = scriptStorage(path);
const error = await storage.maintenance!.backup(target).catch((thrown: unknown) => thrown);
report(error === undefined ? {} : told(error));
report(readdirSync(dirname(target)));
