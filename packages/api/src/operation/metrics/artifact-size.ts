import type { Registry } from './registry.ts';
import type { MetricName } from './specs.ts';

const scope = '@vwmp';
/** So many packages are looked at. */
const most = 50;

/** Looks once, at the first scrape, at how much the packages of VWMP take on disk that are installed beside this one. */
export function createArtifactSize(registry: Registry<MetricName>, from: string): () => Promise<void> {
  let looking: Promise<void> | undefined;
  const look = async (): Promise<void> => {
    const { readdir } = process.getBuiltinModule('node:fs').promises;
    const { join } = process.getBuiltinModule('node:path');
    const scopes = process.getBuiltinModule('node:module').createRequire(from).resolve.paths(scope) ?? [];
    const seen = new Set<string>();
    for (const folder of scopes) {
      const names = await readdir(join(folder, scope)).catch(() => []);
      for (const name of names) {
        if (seen.has(name) || seen.size >= most) continue;
        seen.add(name);
        const size = await sizeOf(join(folder, scope, name));
        if (size > 0) registry.set('artifact_size_bytes', { package: `${scope}/${name}` }, size);
      }
    }
  };
  return () => {
    looking ??= look().catch(() => undefined);
    return looking;
  };
}

/** What a package brings, without what it depends on, and without its sources where it is a link to a checkout. */
async function sizeOf(folder: string): Promise<number> {
  const { readdir, stat } = process.getBuiltinModule('node:fs').promises;
  const { join } = process.getBuiltinModule('node:path');
  const dist = join(folder, 'dist');
  const entries = await readdir(dist, { recursive: true, withFileTypes: true }).catch(() => []);
  let size = 0;
  for (const entry of entries)
    if (entry.isFile()) size += (await stat(join(entry.parentPath, entry.name))).size;
  return size;
}
