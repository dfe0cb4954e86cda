import type { Settings } from '@vwmp/core/settings';
import { fs, path } from '../node.ts';

/** A package that an adapter comes from. */
export interface AdapterPackage {
  name: string;
  /** What asks for it, as in `VWMP_QUEUE_BACKEND=redis`. */
  setting: string;
}

/** The packages that settings ask for. */
export function packagesOf({ database, queue }: Settings): AdapterPackage[] {
  const packages: AdapterPackage[] = [];
  if (database.backend === 'sqlite')
    packages.push({ name: '@vwmp/db-sqlite', setting: 'VWMP_DATABASE_BACKEND=sqlite' });
  if (database.backend === 'postgresql')
    packages.push({ name: '@vwmp/db-postgres', setting: 'VWMP_DATABASE_BACKEND=postgresql' });
  packages.push({
    name: queue.backend === 'redis' ? '@vwmp/queue-redis' : '@vwmp/queue-memory',
    setting: `VWMP_QUEUE_BACKEND=${queue.backend}`,
  });
  return packages;
}

/** An installed package. */
export interface InstalledPackage {
  version: string;
  /** Its own folder. */
  folder: string;
}

/** @param from - the folder that it is seen from @returns undefined when it is not installed there */
export function findPackage(name: string, from: string): InstalledPackage | undefined {
  const { createRequire } = process.getBuiltinModule('node:module');
  const folders = createRequire(path.join(from, 'vwmp.config.js')).resolve.paths(name) ?? [];
  for (const each of folders) {
    const folder = path.join(each, name);
    const manifest = path.join(folder, 'package.json');
    if (!fs.existsSync(manifest)) continue;
    const { version } = JSON.parse(fs.readFileSync(manifest, 'utf8')) as { version?: unknown };
    return { version: typeof version === 'string' ? version : '?', folder: fs.realpathSync(folder) };
  }
  return undefined;
}

/** The folder of this command, from which its own packages are seen. */
export const ownFolder: string = import.meta.dirname;
