import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../lib/paths.mjs';

/**
 * The packages that are published.
 *
 * @param {string} [repository]
 * @returns {{ folder: string, manifest: Record<string, any> }[]} by name
 */
export function publishedPackages(repository = root) {
  return readdirSync(join(repository, 'packages'))
    .sort()
    .map((name) => {
      const folder = join(repository, 'packages', name);
      return { folder, manifest: JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) };
    })
    .filter(({ manifest }) => !manifest.private);
}
